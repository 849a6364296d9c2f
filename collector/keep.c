/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/keep.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/hex.h"
#include "common/io.h"
#include "common/utc.h"
#include "evidence/checkpoint.h"
#include "evidence/cosign.h"
#include "evidence/tsa.h"

struct pinned { /* the checkpoint of a log that the anchor works with */
	struct buf note;
	uint64_t size; /* 0: none */
};

struct keep {
	struct note_key key[SITE_WITNESSES_MAX];
	size_t n_keys;
	struct pinned log[SITE_LOGS_MAX];
};

struct keep *
keep_new(const struct site *site)
{
	struct keep *k = calloc(1, sizeof(*k));
	size_t i;

	if (k == NULL)
		return NULL;
	for (i = 0; i < site->anchor.n_witnesses; i++)
		if (cosign_key_parse(span_str(site->anchor.witnesses[i].vkey),
			&k->key[k->n_keys]) == 0)
			k->n_keys++;
	for (i = 0; i < SITE_LOGS_MAX; i++)
		buf_init(&k->log[i].note);
	return k;
}

void
keep_free(struct keep *k)
{
	size_t i;

	if (k == NULL)
		return;
	for (i = 0; i < SITE_LOGS_MAX; i++)
		buf_fini(&k->log[i].note);
	free(k);
}

static void
checkpoint_name(uint64_t size, char name[32])
{
	snprintf(name, 32, "checkpoints/%012" PRIu64, size);
}

/* Put what is kept under that size in the place of the note, if it has more. */
static void
take_kept(const struct sink *s, struct pinned *p)
{
	char path[4096], name[32];
	struct buf kept;

	checkpoint_name(p->size, name);
	buf_init(&kept);
	if (io_join(path, sizeof(path), s->conf->dir, name) == 0 &&
	    io_read_file(path, SUBMIT_NOTE_MAX, &kept) == 0 &&
	    span_starts(buf_view(&kept), buf_view(&p->note))) {
		p->note.len = 0;
		buf_span(&p->note, buf_view(&kept));
	}
	buf_fini(&kept);
}

enum submit_err
keep_newest(struct keep *k, const struct sink *s, struct span *note)
{
	struct pinned *p = &k->log[s->number];
	enum submit_err err = SUBMIT_FAULT;
	struct checkpoint c;
	char path[4096];
	struct buf newest;
	struct note n;

	buf_init(&newest);
	if (io_join(path, sizeof(path), s->conf->dir, "checkpoint") == 0 &&
	    io_read_file(path, SUBMIT_NOTE_MAX, &newest) == 0 &&
	    checkpoint_read(buf_view(&newest), &n, &c) == NOTE_OK)
		err = SUBMIT_OK;
	/* Lines that came may still be on their way to the disk. */
	if (err == SUBMIT_OK &&
	    (c.size != p->size ||
		!span_starts(buf_view(&p->note), buf_view(&newest)))) {
		p->size = c.size;
		p->note.len = 0;
		buf_span(&p->note, buf_view(&newest));
		take_kept(s, p);
	}
	buf_fini(&newest);
	if (err == SUBMIT_OK)
		*note = buf_view(&p->note);
	return err;
}

static void
word_hash(struct buf *body, struct span bytes)
{
	uint8_t hash[SHA256_LEN];
	char hex[2 * SHA256_LEN];

	sha256(bytes, hash);
	hex_print(hash, SHA256_LEN, hex);
	record_word(body, "sha256", span_make(hex, sizeof(hex)));
}

static enum submit_err
append(struct sink *s, enum record_kind kind, const struct buf *body,
    const struct evlog_file *file, size_t n, uint64_t *index)
{
	struct record r = { .kind = kind,
		.rx = (uint64_t)utc_now(),
		.body = buf_view(body) };

	if (sink_append_files(s, &r, file, n, index) != EVLOG_OK)
		return SUBMIT_FAULT;
	return SUBMIT_OK;
}

/* The configured key of a line, if it signed the pinned note; or NULL. */
static const struct note_key *
cosigner(const struct keep *k, const struct note *n, const struct note_sig *sig,
    uint64_t *time)
{
	size_t i;

	for (i = 0; i < n->n; i++)
		if (span_eq(n->sig[i].name, sig->name) &&
		    n->sig[i].id == sig->id)
			return NULL; /* one of each is enough */
	for (i = 0; i < k->n_keys; i++)
		if (cosign_verify(n->text, sig, &k->key[i], time) == NOTE_OK)
			return &k->key[i];
	return NULL;
}

enum submit_err
keep_cosignature(struct keep *k, struct sink *s, struct span line,
    uint64_t *index)
{
	struct pinned *p = &k->log[s->number];
	struct span rest = line;
	const struct note_key *key;
	struct evlog_file file;
	struct note_sig sig;
	enum submit_err err;
	struct buf body;
	struct note n;
	char name[32], id[9];
	size_t len = p->note.len;
	uint64_t time;

	if (p->size == 0 || note_sig_parse(&rest, &sig) != 0 || rest.len > 0 ||
	    len + line.len > SUBMIT_NOTE_MAX ||
	    note_parse(buf_view(&p->note), &n) != NOTE_OK ||
	    n.n == NOTE_SIGS_MAX ||
	    (key = cosigner(k, &n, &sig, &time)) == NULL)
		return SUBMIT_BAD_ANCHOR;
	buf_span(&p->note, line);
	checkpoint_name(p->size, name);
	file = (struct evlog_file){ name, buf_view(&p->note) };
	snprintf(id, sizeof(id), "%08x", key->id);
	buf_init(&body);
	record_word_u64(&body, "size", p->size);
	record_word_u64(&body, "time", time);
	record_word(&body, "name", span_str(key->name));
	record_word(&body, "key", span_str(id));
	word_hash(&body, line);
	err = append(s, RECORD_COSIGNATURE, &body, &file, 1, index);
	if (err != SUBMIT_OK)
		p->note.len = len;
	buf_fini(&body);
	return err;
}

enum submit_err
keep_token(struct keep *k, struct sink *s, struct span token, uint64_t *index)
{
	struct pinned *p = &k->log[s->number];
	char kept[32], name[64], hex[16];
	struct evlog_file file[2] = { { kept, buf_view(&p->note) },
		{ name, token } };
	uint8_t hash[SHA256_LEN];
	struct tsa_token t;
	enum submit_err err;
	struct buf body;
	struct note n;

	if (p->size == 0 || note_parse(buf_view(&p->note), &n) != NOTE_OK)
		return SUBMIT_BAD_ANCHOR;
	sha256(n.text, hash);
	if (tsa_read(token, hash, &t) != TSA_OK)
		return SUBMIT_BAD_ANCHOR;
	sha256(token, hash);
	hex_print(hash, sizeof(hex) / 2, hex);
	checkpoint_name(p->size, kept);
	snprintf(name, sizeof(name), "tokens/%012" PRIu64 "-%.16s.tsr", p->size,
	    hex);
	buf_init(&body);
	record_word_u64(&body, "size", p->size);
	word_hash(&body, token);
	record_word_u64(&body, "time", t.time);
	record_word(&body, "tsa", span_str(t.name));
	record_word(&body, "policy", span_str(t.policy));
	err = append(s, RECORD_TOKEN, &body, file, 2, index);
	buf_fini(&body);
	return err;
}
