/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/anchor_witness.h"

#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "evidence/cosign.h"
#include "evidence/witness.h"
#include "site/web.h"

#define ASK_S 10u /* for a question */
#define TRIES 8u  /* the newest checkpoint may pass on meanwhile */
#define ROUNDS 2u /* of one checkpoint: again after a 409 */
#define ANSWER_MAX NOTE_MAX

int
anchor_witness_init(struct anchor_witness *w, struct anchored *log,
    const struct site_witness *conf)
{
	*w = (struct anchor_witness){ .log = log, .conf = conf };
	if (cosign_key_parse(span_str(conf->vkey), &w->key) == 0)
		return 0;
	log_error(tr("anchor.witnesses: '%s' is no key of a witness",
		      "anchor.witnesses: 「%s」は証人の検証鍵ではありません"),
	    conf->vkey);
	return -1;
}

/* url/path, whether or not the url ends in a slash. */
static int
address(const struct anchor_witness *w, const char *path, char out[512])
{
	size_t len = strlen(w->conf->url);
	int n = snprintf(out, 512, "%s%s%s", w->conf->url,
	    len > 0 && w->conf->url[len - 1] == '/' ? "" : "/", path);

	return n > 0 && n < 512 ? 0 : -1;
}

static int
ask(const struct anchor_witness *w, enum web_method method, const char *path,
    struct span body, struct web_answer *a, struct buf *why)
{
	char url[512];
	struct web_request r = { .method = method,
		.url = url,
		.type = "text/plain",
		.body = body,
		.auth = "",
		.ca = w->conf->ca,
		.max = ANSWER_MAX,
		.timeout_s = ASK_S,
		.stop = w->log->control };

	if (address(w, path, url) != 0) {
		buf_str(why,
		    tr("the address is too long", "アドレスが長すぎます"));
		return -1;
	}
	return web_ask(&r, a, why);
}

void
anchor_witness_ask(struct anchor_witness *w)
{
	struct web_answer a;
	struct buf path, why;

	web_answer_init(&a);
	buf_init(&path);
	buf_init(&why);
	witness_path(span_str(w->log->desc.key.name), &path);
	if (ask(w, WEB_GET, buf_cstr(&path), SPAN(""), &a, &why) != 0)
		outage_begin(&w->outage, w->log, w->conf->url, buf_cstr(&why));
	else if (a.status == 404) /* or it does not show what it knows */
		outage_end(&w->outage, w->log, w->conf->url);
	else if (a.status != 200) {
		anchored_refused(w->log, a.status, &why);
		outage_begin(&w->outage, w->log, w->conf->url, buf_cstr(&why));
	} else if (!anchored_judge(w->log, buf_view(&a.body), w->conf->url,
		       &w->known))
		log_warn(tr("log '%s': what %s shows as its checkpoint is not "
			    "signed by it: it proves nothing",
			     "ログ「%s」: %sが示すチェックポイントにはこのログ"
			     "の署名がなく、何の証拠にもなりません"),
		    w->log->conf->name, w->conf->url);
	buf_fini(&why);
	buf_fini(&path);
	web_answer_fini(&a);
}

/* The key's line in a note or in an answer, its LF included; or empty. */
static struct span
line_find(struct span lines, struct span text, const struct note_key *key)
{
	struct span rest = lines, none = { NULL, 0 }, line;
	struct note_sig s;
	uint64_t time;

	while (rest.len > 0) {
		line = rest;
		if (note_sig_parse(&rest, &s) != 0)
			return none;
		if (cosign_verify(text, &s, key, &time) == NOTE_OK)
			return span_make(line.p, line.len - rest.len);
	}
	return none;
}

/*
 * The newest checkpoint as the writer pinned it, and the proof for it.  Both
 * look at it one after the other: in a busy log it may pass on in between.
 */
static int
pin(struct anchor_witness *w, struct witness_request *r, struct buf *note,
    struct checkpoint *c, struct buf *why)
{
	struct proof proof;
	struct prove *p = NULL;
	struct span newest;
	struct note n;
	unsigned i;
	int rc = -1;

	for (i = 0; i < TRIES && rc != 0; i++) {
		prove_close(p);
		if (anchored_prove(w->log, &p, why) != 0)
			return -1;
		if (client_newest(w->log->writer, w->log->conf->name,
			&newest) != CLIENT_OK)
			break;
		note->len = 0;
		buf_span(note, newest);
		if (checkpoint_read(buf_view(note), &n, c) == NOTE_OK &&
		    c->size == prove_size(p))
			rc = 0;
	}
	r->old = w->known <= c->size ? w->known : 0;
	r->n = 0;
	if (rc == 0 && r->old > 0 && r->old < c->size) {
		rc = prove_consistency(p, r->old, &proof, why);
		if (rc == 0 && proof.n > WITNESS_PROOF_MAX)
			rc = -1;
		if (rc == 0) {
			r->n = proof.n;
			memcpy(r->proof, proof.hash, proof.n * SHA256_LEN);
		}
	}
	prove_close(p);
	return rc;
}

/* It cosigned: take its line, and only its line. */
static int
take(struct anchor_witness *w, const struct web_answer *a,
    const struct checkpoint *c, struct span text, struct buf *why)
{
	struct span line = line_find(buf_view(&a->body), text, &w->key);
	enum client_err err;
	uint64_t index;

	if (line.len == 0) {
		buf_str(why,
		    tr("its answer has no cosignature by its key",
			"応答にその鍵の連署がありません"));
		return -1;
	}
	err = client_cosignature(w->log->writer, w->log->conf->name, line,
	    &index);
	if (err != CLIENT_OK) {
		buf_printf(why, "%s %s", client_strerror(err),
		    client_detail(w->log->writer));
		return -1;
	}
	w->known = w->done = c->size;
	return 0;
}

/*
 * It knows another size, or another root.  That size is not signed: it says
 * where to go on from, and no more.
 */
static int
conflict(struct anchor_witness *w, const struct web_answer *a, uint64_t old,
    const struct checkpoint *c, struct buf *why)
{
	uint64_t size;

	if (witness_size_parse(buf_view(&a->body), &size) == 0 &&
	    size <= c->size && size != old) {
		w->known = size;
		return 1;
	}
	anchor_witness_ask(w);
	if (!w->log->rolled)
		buf_str(why,
		    tr("it says that it knows a larger checkpoint, and shows "
		       "none that this log has signed",
			"より大きいチェックポイントを知っていると応答しました"
			"が、このログの署名があるものを示しません"));
	return -1;
}

/* One submission: 0 cosigned, 1 once more, -1 and *why. */
static int
submit(struct anchor_witness *w, struct buf *why)
{
	struct witness_request r;
	struct web_answer a;
	struct checkpoint c = { .size = 0 };
	struct buf note, body;
	struct note n;
	int rc = -1;

	buf_init(&note);
	buf_init(&body);
	web_answer_init(&a);
	if (pin(w, &r, &note, &c, why) != 0 ||
	    note_parse(buf_view(&note), &n) != NOTE_OK)
		goto done;
	if (c.size == w->done) {
		rc = 0;
		goto done;
	}
	r.note = buf_view(&note);
	witness_request_print(&r, &body);
	if (ask(w, WEB_POST, "add-checkpoint", buf_view(&body), &a, why) != 0)
		;
	else if (a.status == WITNESS_OK)
		rc = take(w, &a, &c, n.text, why);
	else if (a.status == WITNESS_CONFLICT)
		rc = conflict(w, &a, r.old, &c, why);
	else
		anchored_refused(w->log, a.status, why);
done:
	web_answer_fini(&a);
	buf_fini(&body);
	buf_fini(&note);
	return rc;
}

void
anchor_witness_run(struct anchor_witness *w)
{
	struct buf why;
	unsigned i;
	int rc = 1;

	buf_init(&why);
	for (i = 0; i < ROUNDS && rc == 1 && !w->log->rolled; i++)
		rc = submit(w, &why);
	if (rc == 0)
		outage_end(&w->outage, w->log, w->conf->url);
	else if (!w->log->rolled)
		outage_begin(&w->outage, w->log, w->conf->url,
		    why.len > 0 ? buf_cstr(&why)
				: tr("no checkpoint could be submitted",
				      "チェックポイントを提出できません"));
	buf_fini(&why);
}
