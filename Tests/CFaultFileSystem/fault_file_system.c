#include "fault_file_system.h"

#include <sqlite3.h>
#include <string.h>

/* One process, one thread of SQLite at a time: the probe has no others. */
static sqlite3_vfs *inner;
static sqlite3_vfs outer;
static enum medai_fault chosen = MEDAI_FAULT_NONE;
static long failing_call;
static int stays_broken;
static int hurried;
static long calls;
static int happened;

typedef struct {
  sqlite3_file base;
  sqlite3_io_methods methods;
  sqlite3_file *file; /* of the usual file system, right behind this */
} fault_file;

static sqlite3_file *real(sqlite3_file *file) { return ((fault_file *)file)->file; }

static int fails(enum medai_fault fault) {
  if (fault != chosen) return 0;
  calls += 1;
  if (failing_call == 0) return 0;
  if (calls == failing_call || (stays_broken && calls > failing_call)) {
    happened = 1;
    return 1;
  }
  return 0;
}

static int close_file(sqlite3_file *file) { return real(file)->pMethods->xClose(real(file)); }

static int read_file(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
  if (fails(MEDAI_FAULT_READ)) return SQLITE_IOERR_READ;
  return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int write_file(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  if (fails(MEDAI_FAULT_WRITE)) return SQLITE_IOERR_WRITE;
  if (fails(MEDAI_FAULT_FULL)) return SQLITE_FULL;
  if (fails(MEDAI_FAULT_SHORT_WRITE)) {
    real(file)->pMethods->xWrite(real(file), bytes, count / 2, offset);
    return SQLITE_IOERR_WRITE;
  }
  return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
  if (fails(MEDAI_FAULT_TRUNCATE)) return SQLITE_IOERR_TRUNCATE;
  return real(file)->pMethods->xTruncate(real(file), size);
}

static int sync_file(sqlite3_file *file, int flags) {
  if (fails(MEDAI_FAULT_SYNC)) return SQLITE_IOERR_FSYNC;
  return real(file)->pMethods->xSync(real(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}

static int lock_file(sqlite3_file *file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}

static int unlock_file(sqlite3_file *file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}

static int check_lock(sqlite3_file *file, int *is_reserved) {
  return real(file)->pMethods->xCheckReservedLock(real(file), is_reserved);
}

static int control(sqlite3_file *file, int operation, void *argument) {
  return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int sector_size(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }

static int characteristics(sqlite3_file *file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int map_shared(
    sqlite3_file *file, int region, int size, int extend, void volatile **memory) {
  if (fails(MEDAI_FAULT_SHARED)) return SQLITE_IOERR_SHMMAP;
  return real(file)->pMethods->xShmMap(real(file), region, size, extend, memory);
}

static int lock_shared(sqlite3_file *file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void shared_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }

static int unmap_shared(sqlite3_file *file, int removing) {
  return real(file)->pMethods->xShmUnmap(real(file), removing);
}

static int open_file(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *given) {
  (void)vfs;
  fault_file *wrapped = (fault_file *)file;
  memset(wrapped, 0, sizeof *wrapped);
  if (fails(MEDAI_FAULT_OPEN)) return SQLITE_CANTOPEN;
  wrapped->file = (sqlite3_file *)(wrapped + 1);
  int code = inner->xOpen(inner, name, wrapped->file, flags, given);
  if (wrapped->file->pMethods == NULL) return code;
  wrapped->methods = (sqlite3_io_methods){
      /* Version 2: shared memory, but no memory-mapped reads, which nobody could fail. */
      .iVersion = wrapped->file->pMethods->iVersion < 2 ? wrapped->file->pMethods->iVersion : 2,
      .xClose = close_file,
      .xRead = read_file,
      .xWrite = write_file,
      .xTruncate = truncate_file,
      .xSync = sync_file,
      .xFileSize = file_size,
      .xLock = lock_file,
      .xUnlock = unlock_file,
      .xCheckReservedLock = check_lock,
      .xFileControl = control,
      .xSectorSize = sector_size,
      .xDeviceCharacteristics = characteristics,
      .xShmMap = map_shared,
      .xShmLock = lock_shared,
      .xShmBarrier = shared_barrier,
      .xShmUnmap = unmap_shared,
  };
  wrapped->base.pMethods = &wrapped->methods;
  return code;
}

static int sleep_briefly(sqlite3_vfs *vfs, int microseconds) {
  (void)vfs;
  return hurried ? microseconds : inner->xSleep(inner, microseconds);
}

int medai_fault_install(void) {
  int code = sqlite3_initialize();
  if (code != SQLITE_OK) return code;
  inner = sqlite3_vfs_find(NULL);
  if (inner == NULL) return SQLITE_ERROR;
  /* Everything that is not about files is the usual file system's, with its own data pointer. */
  outer = *inner;
  outer.zName = "medai-fault";
  outer.pNext = NULL;
  outer.szOsFile = (int)sizeof(fault_file) + inner->szOsFile;
  outer.xOpen = open_file;
  outer.xSleep = sleep_briefly;
  return sqlite3_vfs_register(&outer, 1);
}

void medai_fault_choose(enum medai_fault fault, long call, int sticky) {
  chosen = fault;
  failing_call = call;
  stays_broken = sticky;
  calls = 0;
  happened = 0;
}

long medai_fault_calls(void) { return calls; }

int medai_fault_happened(void) { return happened; }

void medai_fault_hurry(void) { hurried = 1; }
