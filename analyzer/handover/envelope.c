/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/handover/envelope.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/handover/cms.h"
#include "analyzer/handover/tar.h"
#include "common/io.h"

#define BLOCK 65536 /* bytes read at once */

static int
fail(const char *path, struct buf *why)
{
	buf_printf(why, "%s: %s", path, strerror(errno));
	return -1;
}

/* A file beside the folder that nobody sees: the archive is as large as it. */
static int
scratch(const char *parent)
{
	int fd = open(parent, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	struct buf path;
	char *name;

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	buf_init(&path);
	buf_printf(&path, "%s/.tar.XXXXXX", parent);
	(void)buf_cstr(&path);
	name = (char *)path.p;
	if ((fd = mkostemp(name, O_CLOEXEC)) >= 0)
		unlink(name);
	buf_fini(&path);
	return fd;
}

static int
hash_file(int fd, uint8_t hash[SHA256_LEN])
{
	uint8_t block[BLOCK];
	struct sha256 h;
	ssize_t n;

	sha256_init(&h);
	if (lseek(fd, 0, SEEK_SET) != 0)
		return -1;
	while ((n = io_read_up_to(fd, block, sizeof(block))) > 0)
		sha256_update(&h, block, (size_t)n);
	sha256_final(&h, hash);
	return n < 0 ? -1 : 0;
}

static int
fill(int tar, int out, const char *parent, const char *name,
    const char *certificate, struct buf *why)
{
	if (tar_write(tar, parent, name, why) != 0)
		return -1;
	if (lseek(tar, 0, SEEK_SET) != 0)
		return fail(parent, why);
	return cms_encrypt(certificate, tar, out, why);
}

int
envelope_make(const char *parent, const char *name, const char *certificate,
    struct buf *path, uint8_t hash[SHA256_LEN], struct buf *why)
{
	struct buf making;
	int tar, out, rc = -1;

	buf_init(&making);
	buf_printf(&making, "%s/.%s.tar.cms.XXXXXX", parent, name);
	(void)buf_cstr(&making);
	buf_printf(path, "%s/%s.tar.cms", parent, name);
	tar = scratch(parent);
	out = tar < 0 ? -1 : mkostemp((char *)making.p, O_CLOEXEC);
	if (tar < 0 || out < 0)
		(void)fail(parent, why);
	else {
		rc = fill(tar, out, parent, name, certificate, why);
		if (rc == 0 && (hash_file(out, hash) != 0 || fsync(out) != 0))
			rc = fail(buf_cstr(path), why);
		if (rc == 0 &&
		    io_rename_new(buf_cstr(&making), buf_cstr(path)) != 0)
			rc = fail(buf_cstr(path), why);
		if (rc != 0)
			unlink(buf_cstr(&making));
		else if (io_sync_dir(parent) != 0)
			rc = fail(parent, why);
	}
	if (tar >= 0)
		close(tar);
	if (out >= 0)
		close(out);
	buf_fini(&making);
	return rc;
}
