/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verify/bag.h"
#include "verify/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * The input as an excerpt, and as a bag's manifest.  An excerpt that is taken
 * covers the tree; a wrong root alone is another fault.  A manifest whose files
 * are not there is never taken.
 */
static struct folder folder;

static void
write_file(const char *name, const void *p, size_t len)
{
	int fd = openat(folder.fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert(fd >= 0 && write(fd, p, len) == (ssize_t)len);
	close(fd);
}

static void
begin(void)
{
	static char dir[] = "/tmp/excerpt_fuzz.XXXXXX";
	static const char bagit[] = "BagIt-Version: 1.0\n"
				    "Tag-File-Character-Encoding: UTF-8\n";

	if (mkdtemp(dir) == NULL || folder_init(&folder, AT_FDCWD, dir) != 0 ||
	    mkdirat(folder.fd, "data", 0700) != 0 ||
	    mkdirat(folder.fd, "data/excerpt", 0700) != 0)
		abort();
	write_file("bagit.txt", bagit, sizeof(bagit) - 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static struct verify_options opt;
	static struct verify_result result;
	static struct bag_fault fault;
	static struct walk w;

	if (folder.fd == 0)
		begin();
	memset(&result, 0, sizeof(result));
	memset(&w, 0, sizeof(w));
	w.bag = folder;
	w.opt = &opt;
	w.result = &result;
	w.prefix = "";
	w.fact = &walk_none;
	memcpy(w.pin.key.name, "test.example/log", 17);
	w.newest.size = 12;
	write_file("data/excerpt/excerpt.evx", p, len);
	if (setjmp(w.out) == 0) {
		excerpt_check(&w);
		assert(false); /* no hash is all zeros */
	}
	assert(result.verdict == VERIFY_TAMPERED);
	assert(w.index <= w.newest.size);
	if (strstr(result.bad_what, "root") != NULL)
		assert(w.index == w.newest.size);
	live_clear(&w.live);
	fclose(w.excerpt);
	write_file("manifest-sha256.txt", p, len);
	bag_check(&folder, false, &fault);
	assert(fault.what != SAY_NONE);
	return 0;
}
