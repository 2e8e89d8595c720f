"""Writes records/emr-export.csv (CP949, CRLF) from the synthetic rows below. Standard library only."""
import csv
from pathlib import Path

HEADER = ["등록번호", "성명", "생년월일", "성별", "연락처", "주소", "진료과", "기록일자", "기록내용"]
YU = ["20418837", "유가람", "1958-03-14", "F", "010-0417-8826", "경기도 용인시 기흥구 물빛마루로 128, 304동 1102호", "순환기내과"]
PYO = ["31760254", "표진서", "1971-09-22", "M", "010-0552-3914", "인천광역시 남동구 은여울로 240-6, 2층", "외과"]
BONG = ["10293341", "봉순례", "1931-08-16", "F", "033-0255-0932", "강원특별자치도 춘천시 꽃샘길 55, 들꽃마을 107동 403호", "정형외과"]
ROWS = [
    YU + ["2026-01-12", 'C.C) DOE, 10일 전부터\nP/Ex) JVD(+), both basal crackle, Homans sign(-)\n환자 "베개 세 개를 베야 잔다"고 표현. 딸 소예린씨와 면담함'],
    YU + ["2026-01-23", "당일 외래. 유가람님 체중 60.3kg(퇴원 시 58.1kg), edema 1+, BP 126/78. BMP f/u: K 4.5, Cr 1.1. 염분 섭취 교육. 추민재 교수"],
    YU + ["2026-02-03", "외래. NYHA II, INR 2.4, BP 118/70, BWt 58.4kg. ECG AF 76회. 처방 유지, 4주 후 f/u. 달빛내과의원 회신서 발송함(팩스 031-0266-5140)"],
    PYO + ["2026-02-21", "s/p lap chole, EBL 50cc, JP 1개. 집도 남윤호\n검체 S26-01877 병리 접수. POD#1 SOW 예정"],
    PYO + ["2026-03-06", "외래 POD#13. 표진서씨 wound clean, Murphy sign(-), 식사 양호. 병리: gangrenous cholecystitis, 악성 없음. 3/16부터 한결누리정밀㈜ 복직 가능"],
    BONG + ["2026-02-03", "F/94, Rt. IT fx → CRIF c PFNA. nail S/N PF10-260041823. EBL 150cc. 보호자 제갈미란님께 설명함"],
    BONG + ["2026-03-17", '외래 6주차. 순례 할머니 "이제 화장실은 혼자 간다". X-ray union 진행, TAD 18mm 유지. MMT 4/5. 골다공증 주사 상담, T-score -3.8'],
    ["42-07718", "진달래", "1979-11-02", "F", "010-0936-2284", "강원특별자치도 원주시 새들마을길 12", "신경외과", "2026-03-10",
     "POD#1, L4/5 decompression & discectomy. 회음부 감각 3/10 → 6/10, ankle DF V/IV. Foley keep, PVR 예정. 남편 공민석 상주"],
    ["31990418", "변기철", "1964-12-08", "M", "010-0180-4471", "부산광역시 사하구 노을길 33번길 7, 반지하", "소화기내과", "2026-03-05",
     "AGC, Borrmann III, M/D adenoca. HER2 1+, CPS 5. CT staging cT3N1M0. 외과 협진 후 수술 일정 조율. 산정특례 1426004182 등록. 보호자 연락 거부, 선우현"],
    ["50921177", "Callum Whitfield", "1984-08-17", "M", "+44 7700 900147", "인천광역시 연수구 물빛로 61, 902호", "호흡기내과", "2026-03-06",
     "RUL cavity, AFB 2+, Xpert MTB(+)/RIF(-). HREZ 시작. Passport 000418265 확인. 직장 Gaon Language Academy에 격리 안내문 발급. Dr. Jang"],
    ["31801942", "편무진", "", "M", "", "광주 북구 솔내음로 3번안길 21", "정형외과", "2026.03.04",
     "Lt. distal radius fx, sugar-tong splint 유지. finger ROM full, 감각 정상. 5-7th rib fx: IS 10회/시간, NRS 4. 운전면허 26-14-000382-71 사본 보관"],
    ["90000001", "", "", "", "", "", "감염관리실", "2026-03-02", "환경 배양 결과: 세면대 2/12 양성, 손위생 수행률 87%. 환자 정보 없음"],
]

out = Path(__file__).with_name("records") / "emr-export.csv"
with out.open("w", encoding="cp949", errors="strict", newline="") as f:
    w = csv.writer(f, lineterminator="\r\n")
    w.writerow(HEADER)
    for row in ROWS:
        if len(row) != len(HEADER):
            raise SystemExit(f"wrong number of fields: {row}")
        w.writerow([c.replace("\n", "\r\n") for c in row])
