/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/confine.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>

int
confine_begin(void)
{
	const struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -1;
#ifdef CONFINE_SANITIZED
	return 0; /* it is traced by itself at its end */
#else
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}
