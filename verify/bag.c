/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/bag.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "common/hex.h"
#include "common/span.h"

#define NAME_HASH 16
#define VERSION_ALL 100 /* 1.0: every manifest lists every payload file */

struct bag {
	const struct folder *dir;
	bool strict;
	unsigned version; /* of BagIt, in hundredths */
	unsigned manifests;
	struct bag_fault *fault;
	uint8_t (*names)[NAME_HASH]; /* listed, of one manifest or all */
	size_t n;
	uint64_t files, bytes; /* payload: as it lies there */
};

static int
wrong(struct bag *b, enum say_what what, const char *file)
{
	if (b->fault->what == SAY_NONE) {
		b->fault->what = what;
		b->fault->error = what == SAY_ERROR ? errno : 0;
		snprintf(b->fault->file, BAG_PATH_MAX, "%s", file);
	}
	return -1;
}

static int
unreadable(struct bag *b, const char *file)
{
	return wrong(b,
	    errno == ENOENT ? SAY_MISSING
		: errno == EINVAL || errno == ELOOP || errno == ENOTDIR
		? SAY_NO_FILE
		: SAY_ERROR,
	    file);
}

/* Hash a file; its bytes are added to *len.  0, or -1 and errno. */
static int
hash_file(const struct folder *d, const char *path, const EVP_MD *md,
    uint8_t hash[EVP_MAX_MD_SIZE], uint64_t *len)
{
	int fd = folder_open(d, path);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t piece[65536];
	ssize_t n = -1;

	if (fd >= 0 && ctx != NULL && EVP_DigestInit(ctx, md) == 1)
		while ((n = read(fd, piece, sizeof(piece))) > 0 ||
		    (n < 0 && errno == EINTR)) {
			EVP_DigestUpdate(ctx, piece, n < 0 ? 0 : (size_t)n);
			*len += n < 0 ? 0 : (uint64_t)n;
		}
	if (n == 0)
		EVP_DigestFinal(ctx, hash, NULL);
	EVP_MD_CTX_free(ctx);
	if (fd >= 0)
		close(fd);
	return n == 0 ? 0 : -1;
}

int
bag_hash(const struct folder *d, const char *path, uint8_t hash[SHA256_LEN])
{
	uint8_t full[EVP_MAX_MD_SIZE];
	uint64_t len = 0;

	if (hash_file(d, path, EVP_sha256(), full, &len) != 0)
		return -1;
	memcpy(hash, full, SHA256_LEN);
	return 0;
}

static void
name_hash(const char *path, uint8_t out[NAME_HASH])
{
	uint8_t hash[SHA256_LEN];

	sha256(span_str(path), hash);
	memcpy(out, hash, NAME_HASH);
}

static int
by_hash(const void *a, const void *b)
{
	return memcmp(a, b, NAME_HASH);
}

/* A line without its end; 1, 0 at the end of the file, -1 if it is too long. */
static int
read_line(FILE *f, char line[BAG_PATH_MAX])
{
	size_t len = 0;
	int c;

	while ((c = getc(f)) != EOF && c != '\n') {
		if (len == BAG_PATH_MAX - 1 || c == '\0')
			return -1;
		line[len++] = (char)c;
	}
	if (len > 0 && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	return len > 0 || c == '\n';
}

/* Undo %0A, %0D and %25 (RFC 8493, 2.1.3), and a "./" in front. */
static char *
decode(char *path)
{
	char *in = path, *out = path;

	for (; *in != '\0'; in++, out++) {
		*out = *in;
		if (strncasecmp(in, "%0a", 3) == 0)
			*out = '\n';
		else if (strncasecmp(in, "%0d", 3) == 0)
			*out = '\r';
		else if (strncmp(in, "%25", 3) != 0)
			continue;
		in += 2;
	}
	*out = '\0';
	return strncmp(path, "./", 2) == 0 ? path + 2 : path;
}

/* Whether a path stays in the bag, whatever program reads it. */
static bool
path_ok(const char *path)
{
	const char *p = path;
	size_t len;

	if (*path == '\0' || *path == '/' || *path == '~' || *path == '$')
		return false;
	for (;; p += len + 1) {
		len = strcspn(p, "/");
		if (len == 0 || len > NAME_MAX || (len == 1 && p[0] == '.') ||
		    (len == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		if (p[len] == '\0')
			return true;
	}
}

/* "<hash>  <path>" of a manifest. */
static int
check_line(struct bag *b, const char *manifest, const EVP_MD *md, char *line)
{
	size_t len = strspn(line, "0123456789abcdefABCDEF");
	size_t want = (size_t)EVP_MD_get_size(md);
	uint8_t hash[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE];
	char *path = line + len + strspn(line + len, " \t");
	bool payload = manifest[0] == 'm';
	uint64_t bytes = 0;

	if (len != 2 * want || path == line + len)
		return wrong(b, SAY_BAG_LINE, manifest);
	path = decode(*path == '*' ? path + 1 : path);
	if (!path_ok(path) || payload != (strncmp(path, "data/", 5) == 0))
		return wrong(b, SAY_BAG_PATH, path);
	if (b->n == BAG_FILES_MAX)
		return wrong(b, SAY_BAG_MANY, manifest);
	name_hash(path, b->names[b->n++]);
	if (hash_file(b->dir, path, md, hash, &bytes) != 0)
		return unreadable(b, path);
	hex_print(hash, want, hex);
	return strncasecmp(line, hex, len) == 0 ? 0
						: wrong(b, SAY_BAG_HASH, path);
}

/* The names listed are different, but in old bags of several manifests. */
static int
check_names(struct bag *b, const char *manifest, size_t from)
{
	if (b->n - from > 1)
		qsort(b->names + from, b->n - from, NAME_HASH, by_hash);
	for (size_t i = from + 1; i < b->n; i++)
		if (by_hash(b->names[i - 1], b->names[i]) == 0)
			return wrong(b, SAY_BAG_TWICE, manifest);
	return 0;
}

static int each_payload(void *cookie, const char *path, const char *name);

/* All files of the payload are among the names. */
static int
check_complete(struct bag *b)
{
	b->files = b->bytes = 0;
	if (b->n > 1)
		qsort(b->names, b->n, NAME_HASH, by_hash);
	if (folder_each(b->dir, "data", each_payload, b) != 0)
		return unreadable(b, "data");
	return 0;
}

static int
check_manifest(struct bag *b, const char *name, const EVP_MD *md)
{
	bool payload = name[0] == 'm';
	int fd = folder_open(b->dir, name), rc, bad = 0;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	char line[BAG_PATH_MAX];
	size_t from;

	if (f == NULL)
		return unreadable(b, name);
	if (!payload || b->version >= VERSION_ALL)
		b->n = 0;
	from = b->n;
	while ((rc = read_line(f, line)) > 0 && bad == 0)
		if (line[0] != '\0')
			bad = check_line(b, name, md, line);
	fclose(f);
	if (rc < 0)
		return wrong(b, SAY_BAG_LINE, name);
	if (bad != 0 || check_names(b, name, from) != 0)
		return -1;
	b->manifests += payload;
	return payload && b->version >= VERSION_ALL ? check_complete(b) : 0;
}

static int
each_payload(void *cookie, const char *path, const char *name)
{
	char file[BAG_PATH_MAX];
	uint8_t hash[NAME_HASH];
	struct bag *b = cookie;
	off_t size;
	int fd;

	if ((size_t)snprintf(file, sizeof(file), "%s/%s", path, name) >=
	    sizeof(file))
		return wrong(b, SAY_BAG_PATH, path);
	if ((fd = folder_open(b->dir, file)) < 0) {
		if ((errno != EINVAL && errno != EISDIR) ||
		    folder_each(b->dir, file, each_payload, b) != 0)
			return unreadable(b, file);
		return 0;
	}
	size = lseek(fd, 0, SEEK_END);
	close(fd);
	b->files++;
	b->bytes += size > 0 ? (uint64_t)size : 0;
	name_hash(file, hash);
	if (b->n == 0 ||
	    bsearch(hash, b->names, b->n, NAME_HASH, by_hash) == NULL)
		return wrong(b, SAY_BAG_UNLISTED, file);
	return 0;
}

/* "manifest-sha256.txt": its hash, or NULL if it is no manifest. */
static const EVP_MD *
manifest_md(const char *name, const char *prefix)
{
	size_t len = strlen(name), begin = strlen(prefix);
	char alg[16];

	if (strncmp(name, prefix, begin) != 0 || len < begin + 4 ||
	    len - begin - 4 >= sizeof(alg) ||
	    strcmp(name + len - 4, ".txt") != 0)
		return NULL;
	snprintf(alg, sizeof(alg), "%.*s", (int)(len - begin - 4),
	    name + begin);
	return EVP_get_digestbyname(alg);
}

static int
each_manifest(void *cookie, const char *path, const char *name)
{
	const EVP_MD *md = manifest_md(name, "manifest-");

	(void)path;
	return md == NULL ? 0 : check_manifest(cookie, name, md);
}

static int
each_tags(void *cookie, const char *path, const char *name)
{
	const EVP_MD *md = manifest_md(name, "tagmanifest-");

	(void)path;
	return md == NULL ? 0 : check_manifest(cookie, name, md);
}

/* After the one tag manifest of a strict bag: nothing else lies beside. */
static int
each_top(void *cookie, const char *path, const char *name)
{
	uint8_t hash[NAME_HASH];
	struct bag *b = cookie;

	(void)path;
	name_hash(name, hash);
	if (strcmp(name, "data") == 0 ||
	    strncmp(name, "tagmanifest-sha256.txt", 22) == 0 ||
	    (b->n > 0 &&
		bsearch(hash, b->names, b->n, NAME_HASH, by_hash) != NULL))
		return 0;
	return wrong(b, SAY_BAG_UNLISTED, name);
}

/* "BagIt-Version: 1.0" and "Tag-File-Character-Encoding: UTF-8" */
static int
check_declaration(struct bag *b)
{
	unsigned major, minor;
	char text[256], encoding[64];
	ssize_t len = folder_read(b->dir, "bagit.txt", text, sizeof(text) - 1);
	int end = 0;

	if (len < 0)
		return unreadable(b, "bagit.txt");
	text[len] = '\0';
	if (sscanf(text,
		"BagIt-Version: %1u.%2u%*[\r\n]"
		"Tag-File-Character-Encoding: %63[A-Za-z0-9-]%n",
		&major, &minor, encoding, &end) != 3 ||
	    text[15] == ' ' || strspn(text + end, "\r\n") != strlen(text + end))
		return wrong(b, SAY_BAG_DECLARATION, "bagit.txt");
	b->version = major * 100 + minor;
	return strncasecmp(encoding, "UTF-16", 6) == 0
	    ? wrong(b, SAY_BAG_ENCODING, "bagit.txt")
	    : 0;
}

/* "Payload-Oxum: <bytes>.<files>" of bag-info.txt, if it is there. */
static int
check_oxum(struct bag *b)
{
	int fd = folder_open(b->dir, "bag-info.txt"), bad = 0;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	char line[BAG_PATH_MAX], want[64];

	if (f == NULL)
		return errno == ENOENT ? 0 : unreadable(b, "bag-info.txt");
	snprintf(want, sizeof(want), "%" PRIu64 ".%" PRIu64, b->bytes,
	    b->files);
	while (bad == 0 && read_line(f, line) > 0)
		if (strncasecmp(line, "Payload-Oxum:", 13) == 0 &&
		    strcmp(line + 13 + strspn(line + 13, " \t"), want) != 0)
			bad = wrong(b, SAY_BAG_OXUM, "bag-info.txt");
	fclose(f);
	return bad;
}

/* "<url> <length> <path>": nothing is fetched, but no path may lead out. */
static int
check_fetch(struct bag *b)
{
	int fd = folder_open(b->dir, "fetch.txt"), bad = 0;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	char line[BAG_PATH_MAX];
	int at;

	if (f == NULL)
		return errno == ENOENT ? 0 : unreadable(b, "fetch.txt");
	if (b->strict)
		bad = wrong(b, SAY_BAG_UNLISTED, "fetch.txt");
	while (bad == 0 && read_line(f, line) > 0) {
		at = -1;
		sscanf(line, "%*s %*s %n", &at);
		if (line[0] != '\0' &&
		    (at < 0 || !path_ok(decode(line + at)) ||
			strncmp(decode(line + at), "data/", 5) != 0))
			bad = wrong(b, SAY_BAG_PATH, line);
	}
	fclose(f);
	return bad;
}

void
bag_check(const struct folder *d, bool strict, struct bag_fault *fault)
{
	struct bag b = { .dir = d, .strict = strict, .fault = fault };

	fault->what = SAY_NONE;
	fault->error = 0;
	b.names = malloc((size_t)BAG_FILES_MAX * NAME_HASH);
	if (b.names == NULL)
		abort();
	if (check_declaration(&b) == 0 && check_fetch(&b) == 0 &&
	    folder_each(d, ".", each_manifest, &b) == 0 &&
	    (b.version >= VERSION_ALL || check_complete(&b) == 0) &&
	    check_oxum(&b) == 0) {
		if (b.manifests == 0)
			wrong(&b, SAY_BAG_NO_MANIFEST, ".");
		if (folder_each(d, ".", each_tags, &b) == 0 && strict)
			folder_each(d, ".", each_top, &b);
	}
	free(b.names);
}
