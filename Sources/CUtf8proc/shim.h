#ifndef MEDAI_CUTF8PROC_SHIM_H
#define MEDAI_CUTF8PROC_SHIM_H

#include <utf8proc.h>

#endif
