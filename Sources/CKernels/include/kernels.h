#ifndef MEDAI_KERNELS_H
#define MEDAI_KERNELS_H
#endif
