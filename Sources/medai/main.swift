print("medai")
