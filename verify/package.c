/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/hex.h"
#include "verify/bag.h"
#include "verify/match.h"
#include "verify/stamp.h"
#include "verify/walk.h"

/*
 * A package (FORMAT.md, 12): a bag, who signed for it, and in it a part of a
 * log.  Segments that were not handed over are holes in the walk, which their
 * manifests bridge; what leads from a manifest to the checkpoint is the proof
 * of the record that names it.
 */
#define TAGS "tagmanifest-sha256.txt"
#define TEXT_MAX_LEN 65536 /* of a text file of ours */

/* Read a file of the package into w->bytes. */
static int
read_file(struct walk *w, const char *path, struct span *out)
{
	ssize_t len = folder_read(&w->bag, path, w->bytes, sizeof(w->bytes));

	*out = span_make(w->bytes, len < 0 ? 0 : (size_t)len);
	return len < 0 ? walk_unreadable(w, path) : 0;
}

static int
check_bag(struct walk *w)
{
	struct bag_fault *f = calloc(1, sizeof(*f));
	int rc = 0;

	if (f == NULL)
		abort();
	bag_check(&w->bag, true, f);
	errno = f->error;
	if (f->error != 0)
		rc = walk_unreadable(w, f->file);
	else if (f->what != SAY_NONE)
		rc = walk_wrong_at(w, walk_file(f->file), say0(f->what));
	free(f);
	return rc;
}

static int
read_description(struct walk *w)
{
	struct verify_result *r = w->result;
	struct span in, origin, kind;

	if (read_file(w, "data/package.txt", &in) != 0)
		return -1;
	if (!match(&in,
		"ev1 package\norigin %s\nkind %s\ncreated %u\nsize %u\n"
		"records %u %u\n",
		&origin, &kind, &r->created, &w->package_size, &r->first,
		&r->last) ||
	    (!span_is(kind, "whole") && !span_is(kind, "excerpt")) ||
	    origin.len >= sizeof(r->origin) || r->last < r->first ||
	    r->last >= w->package_size)
		return walk_wrong_at(w, walk_file("data/package.txt"),
		    say0(SAY_PACKAGE_TEXT));
	memcpy(r->origin, origin.p, origin.len);
	snprintf(r->package, sizeof(r->package), "%.*s", (int)kind.len,
	    (const char *)kind.p);
	return 0;
}

/* The note by the hand-over key, which is pinned or the package's own. */
static int
check_note(struct walk *w, const uint8_t hash[SHA256_LEN])
{
	char want[512], hex[65] = "", own[512];
	const char *vkey = w->opt->key;
	struct signed_note n;
	struct signed_key key;
	enum say_what why;
	struct span in;
	uint64_t time;
	ssize_t len = 0;

	if (vkey == NULL) {
		len = folder_read(&w->bag, "data/keys/handover.vkey", own,
		    sizeof(own) - 1);
		if (len <= 0)
			return walk_unreadable(w, "data/keys/handover.vkey");
		own[len - 1] = '\0'; /* its LF */
		vkey = own;
	}
	hex_print(hash, SHA256_LEN, hex);
	snprintf(want, sizeof(want), "konseki package\n%s\n%s\n%" PRIu64 "\n",
	    w->result->origin, hex, w->result->created);
	if (read_file(w, TAGS ".note", &in) != 0)
		return -1;
	why = signed_parse(in, &n);
	if (why == SAY_NONE && !span_is(n.text, want))
		why = SAY_PACKAGE_NOTE;
	if (why == SAY_NONE && signed_key_parse(span_str(vkey), &key) != 0)
		why = SAY_PACKAGE_KEY;
	if (why == SAY_NONE)
		why = signed_check(&n, 0, &key, &time);
	w->result->key_pinned = w->opt->key != NULL;
	return why == SAY_NONE
	    ? 0
	    : walk_wrong_at(w, walk_file(TAGS ".note"), say0(why));
}

/* A file beside the tag manifest that need not be there: 1, 0, or -1. */
static int
beside(struct walk *w, const char *name, bool wanted, struct span *in)
{
	int fd = folder_open(&w->bag, name);

	if (fd >= 0)
		close(fd);
	else if (errno == ENOENT && !wanted)
		return 0;
	return read_file(w, name, in) == 0 ? 1 : -1;
}

static int
check_signatures(struct walk *w, struct span tags,
    const uint8_t hash[SHA256_LEN])
{
	struct verify_result *r = w->result;
	uint8_t imprint[SHA256_LEN];
	enum say_what why = SAY_NONE;
	struct span in;
	int rc = beside(w, TAGS ".p7s", w->opt->cert != NULL, &in);

	if (rc > 0)
		why = stamp_cms(in, tags, w->opt->cert, r->signer);
	r->cert_pinned = w->opt->cert != NULL;
	if (why != SAY_NONE)
		return walk_wrong_at(w, walk_file(TAGS ".p7s"), say0(why));
	if (rc < 0 || (rc = beside(w, TAGS ".tsr", false, &in)) <= 0)
		return rc;
	why = stamp_read(in, imprint, &r->stamped);
	if (why == SAY_NONE && memcmp(imprint, hash, SHA256_LEN) != 0)
		why = SAY_STAMP_IMPRINT;
	if (why == SAY_NONE && w->opt->tsa != NULL)
		why = stamp_check(in, w->opt->tsa);
	r->stamp_checked = w->opt->tsa != NULL;
	return why == SAY_NONE
	    ? 0
	    : walk_wrong_at(w, walk_file(TAGS ".tsr"), say0(why));
}

static int
check_seals(struct walk *w)
{
	uint8_t hash[SHA256_LEN];
	struct span tags;
	int rc;

	if (read_file(w, TAGS, &tags) != 0)
		return -1;
	sha256(tags, hash);
	if ((tags.p = malloc(tags.len + 1)) == NULL)
		abort();
	memcpy((uint8_t *)(uintptr_t)tags.p, w->bytes, tags.len);
	rc = check_note(w, hash) == 0 ? check_signatures(w, tags, hash) : -1;
	free((uint8_t *)(uintptr_t)tags.p);
	return rc;
}

/* A file of data/keys is that verifier key or, if there is none, that text. */
static int
check_key(struct walk *w, const char *path, const struct signed_key *want,
    const char *hex)
{
	char text[512];
	struct signed_key key;
	ssize_t len = folder_read(&w->bag, path, text, sizeof(text));
	struct span in = span_make(text, len <= 0 ? 0 : (size_t)len - 1);

	if (len <= 0)
		return walk_unreadable(w, path);
	if (want == NULL ? span_is(in, hex)
			 : signed_key_parse(in, &key) == 0 &&
		    strcmp(key.name, want->name) == 0 &&
		    memcmp(key.key, want->key, sizeof(key.key)) == 0)
		return 0;
	return walk_wrong_at(w, walk_file(path), say0(SAY_PACKAGE_OWN));
}

/* Somebody may take the copies of the keys from here for the next package. */
static int
check_keys(struct walk *w)
{
	char hex[65] = "";
	struct signed_key key;

	hex_print(w->pin.r, SHA256_LEN, hex);
	if (check_key(w, "data/keys/log.vkey", &w->pin.key, NULL) != 0 ||
	    check_key(w, "data/keys/epoch-root", NULL, hex) != 0)
		return -1;
	if (w->opt->key == NULL ||
	    signed_key_parse(span_str(w->opt->key), &key) != 0)
		return 0;
	return check_key(w, "data/keys/handover.vkey", &key, NULL);
}

/*
 * "m1 <index> <rx> 0:0 - <len> <commit>", the leaf line of the record that
 * names this manifest, with a nonce that opens the commit.
 */
static bool
leaf_names(struct span leaf, struct span nonce_text, uint64_t segment,
    uint64_t index, const uint8_t manifest[SHA256_LEN])
{
	uint8_t nonce[16], commit[SHA256_LEN], in[16 + SHA256_LEN];
	char body[128], hex[65] = "";
	uint64_t rx, len, at;
	int n;

	hex_print(manifest, SHA256_LEN, hex);
	n = snprintf(body, sizeof(body), "segment=%" PRIu64 " previous=%s",
	    segment, hex);
	if (!match(&leaf, "m1 %u %u 0:0 - %u %x", &at, &rx, &len, commit) ||
	    leaf.len != 0 || at != index || len != (uint64_t)n ||
	    !match(&nonce_text, "%n\n", nonce) || nonce_text.len != 0)
		return false;
	memcpy(in, nonce, sizeof(nonce));
	sha256(span_make(body, (size_t)n), in + 16);
	sha256(span_make(in, sizeof(in)), in);
	return memcmp(in, commit, SHA256_LEN) == 0;
}

/* C2SP tlog-proof: that leaf line, and its way to the newest checkpoint. */
static bool
proof_ok(struct walk *w, struct span in, struct span nonce, uint64_t segment)
{
	uint8_t path[64][SHA256_LEN], line[256], leaf[SHA256_LEN];
	struct span extra;
	uint64_t index;
	size_t len, n = 0;

	if (!match(&in, "c2sp.org/tlog-proof@v1\nextra %s\nindex %u\n", &extra,
		&index) ||
	    base64_parse(extra, line, sizeof(line), &len) != 0)
		return false;
	while (n < 64 && match(&in, "%b\n", path[n]))
		n++;
	if (!match(&in, "\n") || !span_eq(in, w->note) || index != w->index ||
	    !leaf_names(span_make(line, len), nonce, segment, index,
		w->manifest))
		return false;
	merkle_leaf(span_make(line, len), leaf);
	return merkle_inclusion(index, w->newest.size, leaf,
		   (const uint8_t(*)[SHA256_LEN])path, n, w->newest.root) == 0;
}

int
package_proof(struct walk *w)
{
	char path[64], nonce[64];
	struct span in;
	ssize_t len;

	snprintf(path, sizeof(path), "data/proofs/m1-%012" PRIu64 ".nonce",
	    w->number + 1);
	if ((len = folder_read(&w->bag, path, nonce, sizeof(nonce))) < 0)
		return walk_unreadable(w, path);
	snprintf(path, sizeof(path), "data/proofs/m1-%012" PRIu64 ".tlog-proof",
	    w->number + 1);
	if (read_file(w, path, &in) != 0)
		return -1;
	if (!proof_ok(w, in, span_make(nonce, (size_t)len), w->number + 1))
		return walk_wrong_at(w, walk_file(path),
		    say1(SAY_PACKAGE_PROOF, w->number));
	if (w->result->shown == 0)
		w->shown.begin = w->own.begin;
	w->shown.end = w->own.end;
	w->result->shown += w->own.end - w->own.begin;
	return 0;
}

/* Whole segments: the walk has proved each; all that were promised are here. */
static int
check_whole(struct walk *w)
{
	struct verify_result *r = w->result;
	struct walk_place at = walk_file("data/log/segments");

	turns_run(w);
	if (w->stop || walk_rest(w) != 0)
		return -1;
	if (r->shown == 0 || w->shown.begin != r->first ||
	    w->shown.end != r->last + 1)
		return walk_wrong_at(w, at,
		    say2(SAY_PACKAGE_PART, r->first, r->last));
	if (r->shown == r->last - r->first + 1)
		return 0;
	/* One in between may have been deleted in the log. */
	walk_fault(w, VERIFY_INCOMPLETE, at,
	    say1(SAY_PACKAGE_HOLE, r->last - r->first + 1 - r->shown));
	return w->stop ? -1 : 0;
}

void
package_check(struct walk *w)
{
	w->prefix = "";
	if (check_bag(w) != 0 || read_description(w) != 0 ||
	    check_seals(w) != 0)
		return;
	if (folder_init(&w->dir, w->bag.fd, "data/log") != 0) {
		walk_unreadable(w, "data/log");
		return;
	}
	w->prefix = "data/log/";
	if (heads_open(w) != 0)
		return;
	w->prefix = "";
	if (check_keys(w) != 0)
		return;
	w->prefix = "data/log/";
	if (!w->have_newest || w->newest.size != w->package_size) {
		walk_wrong_at(w, walk_file("checkpoint"),
		    say0(SAY_PACKAGE_SIZE));
		return;
	}
	if (w->result->package[0] == 'w'
		? check_whole(w) != 0
		: excerpt_check(w) != 0 || heads_hole(w, w->newest.size) != 0)
		return;
	/* Its root is what everything shown leads to. */
	w->tail = false;
	heads_newest(w);
}
