#ifndef MEDAI_CSQLITE_SHIM_H
#define MEDAI_CSQLITE_SHIM_H

#include <sqlite3.h>
#include <sys/vfs.h>

/* Sets one Boolean connection option; Swift cannot call the variadic original. */
static inline int medai_sqlite3_db_config_bool(sqlite3 *db, int option, int value) {
  return sqlite3_db_config(db, option, value, (int *)0);
}

/* Binds bytes that SQLite copies; Swift cannot name SQLITE_TRANSIENT. */
static inline int medai_sqlite3_bind_blob(
    sqlite3_stmt *statement, int index, const void *bytes, int count) {
  /* A null pointer would bind NULL, which an empty blob is not. */
  return count == 0 ? sqlite3_bind_zeroblob(statement, index, 0)
                    : sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}

/* Binds bytes that stay where they are until the statement has run. */
static inline int medai_sqlite3_lend_blob(
    sqlite3_stmt *statement, int index, const void *bytes, int count) {
  return count == 0 ? sqlite3_bind_zeroblob(statement, index, 0)
                    : sqlite3_bind_blob(statement, index, bytes, count, SQLITE_STATIC);
}

/* Binds UTF-8 text that SQLite copies. */
static inline int medai_sqlite3_bind_text(
    sqlite3_stmt *statement, int index, const char *text, int count) {
  return sqlite3_bind_text(statement, index, text, count, SQLITE_TRANSIENT);
}

/* Bytes of the write-ahead log's file; negative where there is none. */
static inline long long medai_sqlite3_wal_bytes(sqlite3 *db) {
  sqlite3_file *file = 0;
  sqlite3_int64 bytes = -1;
  if (sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) != SQLITE_OK ||
      file == 0 || file->pMethods == 0 || file->pMethods->xFileSize(file, &bytes) != SQLITE_OK) {
    return -1;
  }
  return bytes;
}

/* Appends zeros to the write-ahead log's file, for a connection that holds the lock for writing.
   Frames of zeros have no valid checksum, so that every reader ends before them. */
static inline int medai_sqlite3_lengthen_wal(sqlite3 *db, long long from, int bytes) {
  static const char zeros[65536];
  sqlite3_file *file = 0;
  int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
  if (code != SQLITE_OK || file == 0 || file->pMethods == 0) return SQLITE_ERROR;
  for (int done = 0; done < bytes && code == SQLITE_OK; done += (int)sizeof zeros) {
    int rest = bytes - done;
    int count = rest < (int)sizeof zeros ? rest : (int)sizeof zeros;
    code = file->pMethods->xWrite(file, zeros, count, from + done);
  }
  return code;
}

/* The kind of file system that holds a path, as statfs names it; 0 where it cannot be asked. */
static inline unsigned long medai_file_system_kind(const char *path) {
  struct statfs status;
  return statfs(path, &status) == 0 ? (unsigned long)status.f_type & 0xFFFFFFFFul : 0;
}

#endif
