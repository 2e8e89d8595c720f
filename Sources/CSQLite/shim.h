#ifndef MEDAI_CSQLITE_SHIM_H
#define MEDAI_CSQLITE_SHIM_H

#include <sqlite3.h>

/// Sets one Boolean connection option; Swift cannot call the variadic original.
static inline int medai_sqlite3_db_config_bool(sqlite3 *db, int option, int value) {
  return sqlite3_db_config(db, option, value, (int *)0);
}

#endif
