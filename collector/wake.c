/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/wake.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int
wake_open(void)
{
	return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

void
wake_up(int fd)
{
	uint64_t one = 1;

	/* EAGAIN: so often woken that the counter is full; it will wake. */
	while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR)
		continue;
}

void
wake_seen(int fd)
{
	uint64_t n;

	/* EAGAIN: nothing was there; then there is nothing to read empty. */
	while (read(fd, &n, sizeof(n)) < 0 && errno == EINTR)
		continue;
}
