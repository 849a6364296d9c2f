/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "verify/bag.h"

/* bag_check BAG: 0 if it is as it must be, 1 after a line that says why not. */
int
main(int argc, char *argv[])
{
	static struct bag_fault fault;
	struct folder d;

	if (argc != 2 || folder_init(&d, AT_FDCWD, argv[1]) != 0)
		return 2;
	bag_check(&d, false, &fault);
	folder_fini(&d);
	if (fault.what == SAY_NONE)
		return 0;
	printf("%s: %s\n", fault.file,
	    fault.error != 0 ? strerror(fault.error) : say_text(fault.what));
	return 1;
}
