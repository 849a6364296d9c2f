/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "analyzer/import/unpack.h"
#include "common/io.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* An original read in blocks of that size: its length and checksum. */
static uint64_t
read_all(struct unpack *u, size_t i, size_t block, uint32_t *crc)
{
	static uint8_t out[4096];
	uint64_t len = 0;
	struct buf why;
	ssize_t n;

	buf_init(&why);
	*crc = 0;
	if (unpack_start(u, i, &why) != 0) {
		assert(why.len > 0);
		buf_fini(&why);
		return 0;
	}
	while ((n = unpack_read(u, out, block, false)) > 0) {
		assert((size_t)n <= block);
		*crc = (uint32_t)crc32_z(*crc, out, (size_t)n);
		len += (uint64_t)n;
	}
	assert(n == 0 && unpack_read(u, out, block, false) == 0);
	buf_fini(&why);
	return len;
}

/* It reads the same twice, however it is asked for. */
int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	enum unpack_damage damage;
	uint32_t one, two;
	struct unpack *u;
	struct buf why;
	char path[32];
	size_t i;

	assert(fd >= 0 && io_write_all(fd, buf, len) == 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	buf_init(&why);
	u = unpack_open(path, false, &why);
	assert(u != NULL || why.len > 0);
	for (i = 0; u != NULL && i < unpack_members(u) && i < 16; i++) {
		uint64_t size = read_all(u, i, 4096, &one);

		damage = unpack_damaged(u);
		assert(read_all(u, i, 7, &two) == size && one == two);
		assert(unpack_damaged(u) == damage);
		assert(unpack_kind(u) != UNPACK_PLAIN || size == len);
		why.len = 0;
		unpack_name(u, i, &why);
	}
	unpack_close(u);
	buf_fini(&why);
	close(fd);
	return 0;
}
