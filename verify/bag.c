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

#define VERSION_ALL 100 /* 1.0: every manifest lists every payload file */
#define HEX "0123456789abcdefABCDEF"

struct bag {
	const struct folder *dir;
	bool strict;
	unsigned version; /* of BagIt, in hundredths */
	unsigned manifests;
	struct bag_fault *fault;
	bool tags;	  /* the manifest under way is of tag files, */
	const EVP_MD *md; /* by that hash */
	uint8_t (*names)[SHA256_LEN]; /* listed, of one manifest or all */
	size_t n;
	uint64_t files, bytes; /* payload: as it lies there */
	uint64_t oxum;	       /* bytes of it, as bag-info.txt says */
	uint64_t left;	       /* that may still be hashed */
	bool hashing;	       /* names were read and are different; now: */
};

typedef int take_line(struct bag *b, const char *file, char *line);

/* Most functions return 0, or -1 after this; the first counts. */
static int
wrong(struct bag *b, enum say_what what, const char *file)
{
	if (b->fault->what != SAY_NONE)
		return -1;
	b->fault->what = what;
	b->fault->error = what == SAY_ERROR ? errno : 0;
	snprintf(b->fault->file, BAG_PATH_MAX, "%s", file);
	return -1;
}

/* Hand over each line of a tag file that is not empty, its end left out. */
static int
each_line(struct bag *b, const char *file, take_line *take)
{
	int fd = folder_open(b->dir, file), rc = 0;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	char line[BAG_PATH_MAX], *end;

	if (f == NULL)
		return errno == ENOENT ? 0 : wrong(b, SAY_ERROR, file);
	while (rc == 0 && fgets(line, sizeof(line), f) != NULL) {
		end = line + strcspn(line, "\r\n");
		if (strcmp(end, "\n") != 0 && strcmp(end, "\r\n") != 0 &&
		    (*end != '\0' || !feof(f)))
			rc = wrong(b, SAY_BAG_LINE, file);
		*end = '\0';
		if (rc == 0 && line[0] != '\0')
			rc = take(b, file, line);
	}
	fclose(f);
	return rc;
}

/* Hash a file by b->md.  False and errno: it cannot be read. */
static bool
hash_file(struct bag *b, const char *path, uint8_t hash[EVP_MAX_MD_SIZE])
{
	int fd = folder_open(b->dir, path);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t piece[65536];
	ssize_t n = -1;

	if (fd >= 0 && ctx != NULL && EVP_DigestInit(ctx, b->md) == 1)
		while ((n = read(fd, piece, sizeof(piece))) > 0 &&
		    (uint64_t)n <= b->left) {
			EVP_DigestUpdate(ctx, piece, (size_t)n);
			b->left -= (uint64_t)n;
		}
	if (n > 0)
		wrong(b, SAY_BAG_OXUM, path);
	if (n == 0)
		EVP_DigestFinal(ctx, hash, NULL);
	EVP_MD_CTX_free(ctx);
	if (fd >= 0)
		close(fd);
	return n == 0;
}

static int
by_hash(const void *a, const void *b)
{
	return memcmp(a, b, SHA256_LEN);
}

static void
sort(struct bag *b, size_t from)
{
	if (b->n > from)
		qsort(b->names + from, b->n - from, SHA256_LEN, by_hash);
}

static bool
listed(const struct bag *b, const char *path)
{
	uint8_t hash[SHA256_LEN];

	sha256(span_str(path), hash);
	return b->n > 0 &&
	    bsearch(hash, b->names, b->n, SHA256_LEN, by_hash) != NULL;
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
path_ok(const char *path, bool payload)
{
	const char *p = path;
	size_t len;

	if (*path == '~' || *path == '$' ||
	    payload != (strncmp(path, "data/", 5) == 0))
		return false;
	for (;; p += len + 1) {
		len = strcspn(p, "/");
		if (len == 0 || len > NAME_MAX ||
		    (len <= 2 && strncmp(p, "..", len) == 0))
			return false;
		if (p[len] == '\0')
			return true;
	}
}

/* "<hash>  <path>" of a manifest. */
static int
manifest_line(struct bag *b, const char *file, char *line)
{
	size_t len = strspn(line, HEX), want = (size_t)EVP_MD_get_size(b->md);
	char *path = line + len + strspn(line + len, " \t");
	uint8_t hash[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE];

	if (len != 2 * want || path == line + len)
		return wrong(b, SAY_BAG_LINE, file);
	path = decode(*path == '*' ? path + 1 : path);
	if (!path_ok(path, !b->tags))
		return wrong(b, SAY_BAG_PATH, path);
	if (!b->hashing && b->n == BAG_FILES_MAX)
		return wrong(b, SAY_BAG_MANY, file);
	if (!b->hashing) {
		sha256(span_str(path), b->names[b->n++]);
		return 0;
	}
	if (!hash_file(b, path, hash))
		return wrong(b, SAY_ERROR, path);
	hex_print(hash, want, hex);
	return strncasecmp(line, hex, len) == 0 ? 0
						: wrong(b, SAY_BAG_HASH, path);
}

static int
each_payload(void *cookie, const char *path, const char *name)
{
	char file[BAG_PATH_MAX];
	struct bag *b = cookie;
	off_t size;
	int fd;

	if ((size_t)snprintf(file, sizeof(file), "%s/%s", path, name) >=
	    sizeof(file))
		return wrong(b, SAY_BAG_PATH, path);
	if ((fd = folder_open(b->dir, file)) < 0)
		return (errno == EINVAL || errno == EISDIR) &&
			folder_each(b->dir, file, each_payload, b) == 0
		    ? 0
		    : wrong(b, SAY_ERROR, file);
	size = lseek(fd, 0, SEEK_END);
	close(fd);
	b->files++;
	b->bytes += size > 0 ? (uint64_t)size : 0;
	return listed(b, file) ? 0 : wrong(b, SAY_BAG_UNLISTED, file);
}

/* All files of the payload are among the names. */
static int
check_complete(struct bag *b)
{
	b->files = b->bytes = 0;
	sort(b, 0);
	return folder_each(b->dir, "data", each_payload, b) == 0
	    ? 0
	    : wrong(b, SAY_ERROR, "data");
}

/* "manifest-sha256.txt", or "tagmanifest-sha256.txt" if it is the turn of
 * those.  The names listed are different, but in old bags of several. */
static int
each_manifest(void *cookie, const char *path, const char *name)
{
	struct bag *b = cookie;
	const char *p = b->tags ? name + 3 : name;
	bool all = b->tags || b->version >= VERSION_ALL;
	size_t from = all ? 0 : b->n;
	char alg[16];
	int end = 0;

	(void)path;
	if ((b->tags && strncmp(name, "tag", 3) != 0) ||
	    sscanf(p, "manifest-%15[^.].txt%n", alg, &end) != 1 || end == 0 ||
	    p[end] != '\0' || (b->md = EVP_get_digestbyname(alg)) == NULL)
		return 0;
	b->n = from;
	b->hashing = false;
	if (each_line(b, name, manifest_line) != 0)
		return -1;
	sort(b, from);
	for (size_t i = from + 1; i < b->n; i++)
		if (by_hash(b->names[i - 1], b->names[i]) == 0)
			return wrong(b, SAY_BAG_TWICE, name);
	b->manifests += !b->tags;
	b->hashing = true;
	b->left = b->tags ? UINT64_MAX : b->oxum;
	return (all && !b->tags && check_complete(b) != 0) ||
		each_line(b, name, manifest_line) != 0
	    ? -1
	    : 0;
}

/* After the one tag manifest of a strict bag: nothing else lies beside. */
static int
each_top(void *cookie, const char *path, const char *name)
{
	static const char tags[] = "tagmanifest-sha256.txt";
	static const char *const signs[] = { "", ".note", ".p7s", ".tsr" };
	bool is = strcmp(name, "data") == 0 ||
	    (listed(cookie, name) && strcmp(name, "fetch.txt") != 0);

	(void)path;
	for (size_t i = 0; i < 4 && strncmp(name, tags, 22) == 0; i++)
		is = is || strcmp(name + 22, signs[i]) == 0;
	return is ? 0 : wrong(cookie, SAY_BAG_UNLISTED, name);
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
		return wrong(b, SAY_ERROR, "bagit.txt");
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

/* "Payload-Oxum: <bytes>.<files>" of bag-info.txt: so much is hashed at most,
 * and then it must be right. */
static int
info_line(struct bag *b, const char *file, char *line)
{
	char want[64], *oxum = line + strlen("Payload-Oxum:");

	if (strncasecmp(line, "Payload-Oxum:", strlen("Payload-Oxum:")) != 0)
		return 0;
	oxum += strspn(oxum, " \t");
	b->oxum = strtoull(oxum, NULL, 10);
	snprintf(want, sizeof(want), "%" PRIu64 ".%" PRIu64, b->bytes,
	    b->files);
	return b->manifests > 0 && strcmp(oxum, want) != 0
	    ? wrong(b, SAY_BAG_OXUM, file)
	    : 0;
}

/* "<url> <length> <path>": nothing is fetched, but no path may lead out. */
static int
fetch_line(struct bag *b, const char *file, char *line)
{
	int at = -1;

	(void)file;
	sscanf(line, "%*s %*s %n", &at);
	return at >= 0 && path_ok(decode(line + at), true)
	    ? 0
	    : wrong(b, SAY_BAG_PATH, line);
}

static int
check(struct bag *b)
{
	if (check_declaration(b) != 0 ||
	    each_line(b, "fetch.txt", fetch_line) != 0 ||
	    each_line(b, "bag-info.txt", info_line) != 0 ||
	    folder_each(b->dir, ".", each_manifest, b) != 0 ||
	    (b->version < VERSION_ALL && check_complete(b) != 0) ||
	    each_line(b, "bag-info.txt", info_line) != 0)
		return -1;
	if (b->manifests == 0)
		return wrong(b, SAY_BAG_NO_MANIFEST, ".");
	b->tags = true;
	return folder_each(b->dir, ".", each_manifest, b) == 0 && b->strict
	    ? folder_each(b->dir, ".", each_top, b)
	    : 0;
}

void
bag_check(const struct folder *d, bool strict, struct bag_fault *fault)
{
	struct bag b = { .dir = d,
		.strict = strict,
		.fault = fault,
		.oxum = UINT64_MAX };

	fault->what = SAY_NONE;
	fault->error = 0;
	b.names = malloc((size_t)BAG_FILES_MAX * SHA256_LEN);
	if (b.names == NULL)
		abort();
	if (check(&b) != 0)
		wrong(&b, SAY_ERROR, "."); /* a folder that cannot be read */
	free(b.names);
}
