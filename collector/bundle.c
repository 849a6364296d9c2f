/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/io.h"

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

int
bundle_new(void)
{
	return memfd_create("konseki-bundle", MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

int
bundle_put(int fd, struct span part)
{
	uint64_t len = part.len;

	if (part.len > BUNDLE_PART_MAX) {
		errno = EFBIG;
		return -1;
	}
	if (io_write_all(fd, &len, sizeof(len)) != 0)
		return -1;
	return part.len == 0 ? 0 : io_write_all(fd, part.p, part.len);
}

int
bundle_seal(int fd)
{
	return fcntl(fd, F_ADD_SEALS, SEALS);
}

static int
get(int fd, off_t at, void *out, size_t len)
{
	size_t got = 0;
	ssize_t n;

	while (got < len) {
		n = pread(fd, (char *)out + got, len - got, at + (off_t)got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (n == 0)
				errno = ENODATA;
			return -1;
		}
		got += (size_t)n;
	}
	return 0;
}

int
bundle_get(int fd, off_t *at, struct buf *out)
{
	uint64_t len;
	uint8_t *p;

	if (fcntl(fd, F_GET_SEALS) != SEALS) {
		errno = EPERM;
		return -1;
	}
	if (get(fd, *at, &len, sizeof(len)) != 0)
		return -1;
	if (len > BUNDLE_PART_MAX) {
		errno = EFBIG;
		return -1;
	}
	p = buf_reserve(out, (size_t)len + 1);
	if (get(fd, *at + (off_t)sizeof(len), p, (size_t)len) != 0)
		return -1;
	out->len += (size_t)len;
	*at += (off_t)(sizeof(len) + len);
	return 0;
}

int
bundle_first(int fd, unsigned n)
{
	int first = bundle_new(), rc = first < 0 ? -1 : 0, saved;
	struct buf part;
	off_t at = 0;

	buf_init(&part);
	for (; rc == 0 && n > 0; n--) {
		part.len = 0;
		rc = bundle_get(fd, &at, &part);
		if (rc == 0)
			rc = bundle_put(first, buf_view(&part));
	}
	buf_fini(&part);
	if (rc == 0 && bundle_seal(first) == 0)
		return first;
	saved = errno;
	if (first >= 0)
		close(first);
	errno = saved;
	return -1;
}
