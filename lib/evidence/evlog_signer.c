/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "evidence/evlog_priv.h"

/*
 * Talking to the signer.  It may die at any moment and come back: then we do
 * not know whether it signed what we asked for last.  Until it tells us, the
 * ranges up to that size and from there on are kept apart, so that either
 * answer can be followed.
 */
static enum evlog_err
signer_status(const struct sign_reply *r)
{
	switch (r->status) {
	case SIGN_OK:
		return EVLOG_OK;
	case SIGN_EXHAUSTED:
		return EVLOG_EXHAUSTED;
	case SIGN_REFUSED:
	case SIGN_FAILED:
		return EVLOG_SIGNER;
	}
	return EVLOG_SIGNER;
}

static enum evlog_err
signer_ask(struct evlog *log, enum sign_what what, struct sign_reply *reply)
{
	struct sign_request *q = &log->com.request;

	q->what = what;
	if (log->opt.signer.ask(log->opt.signer.cookie, q, reply) != 0)
		return EVLOG_SIGNER;
	return signer_status(reply);
}

enum evlog_err
evlog_signer_state(struct evlog *log, struct sign_reply *state)
{
	memset(&log->com.request, 0, sizeof(log->com.request));
	return signer_ask(log, SIGN_STATE, state);
}

/* A wrong tree is worse than none. */
static void
range_merge(struct tree_range *left, const struct tree_range *right)
{
	if (tree_range_merge(left, right) != 0)
		abort();
}

/* What was asked for last was signed, or was not. */
static void
signer_settle(struct evlog_committer *com, bool was_signed)
{
	if (was_signed) {
		com->signed_range = com->tried_range;
		com->added = com->since_tried;
	} else
		range_merge(&com->added, &com->since_tried);
	com->tried = false;
}

/* Learn what became of the last request. */
static enum evlog_err
signer_settle_ask(struct evlog *log)
{
	struct evlog_committer *com = &log->com;
	enum evlog_err err;

	if ((err = evlog_signer_state(log, &com->reply)) != EVLOG_OK)
		return err;
	if (com->reply.size != com->tried_range.end &&
	    com->reply.size != com->signed_range.end)
		return EVLOG_SIGNER;
	signer_settle(com, com->reply.size == com->tried_range.end);
	return EVLOG_OK;
}

enum evlog_err
evlog_signer_seal(struct evlog *log)
{
	struct evlog_committer *com = &log->com;
	uint8_t root[SHA256_LEN];
	enum evlog_err err;

	if (com->tried && (err = signer_settle_ask(log)) != EVLOG_OK)
		return err;
	com->request.signed_range = com->signed_range;
	com->request.added = com->added;
	com->tried_range = com->signed_range;
	range_merge(&com->tried_range, &com->added);
	tree_range_init(&com->since_tried, com->added.end);
	com->tried = true;
	if ((err = signer_ask(log, SIGN_SEAL, &com->reply)) != EVLOG_OK)
		return err;
	/* A note over anything but our own tree must not be published. */
	if (tree_range_root(&com->tried_range, root) != 0 ||
	    com->reply.size != com->tried_range.end ||
	    memcmp(com->reply.root, root, SHA256_LEN) != 0)
		return EVLOG_SIGNER;
	signer_settle(com, true);
	return EVLOG_OK;
}

enum evlog_err
evlog_signer_again(struct evlog *log)
{
	struct evlog_committer *com = &log->com;

	com->request.signed_range = com->signed_range;
	tree_range_init(&com->request.added, com->signed_range.end);
	return signer_ask(log, SIGN_SEAL, &com->reply);
}

static void
signer_epoch(const struct sign_reply *r, struct epoch *e)
{
	memset(e, 0, sizeof(*e));
	e->number = r->epoch;
	memcpy(e->key, r->key, KEY_LEN);
	e->height = r->height;
	memcpy(e->path, r->path, sizeof(e->path));
}

/*
 * Any of these answers may be lost: so ask first how far it came.  An open
 * epoch other than ours is the next one, begun already.
 */
enum evlog_err
evlog_signer_renew(struct evlog *log, bool begin, struct epoch *next)
{
	struct sign_reply state;
	enum evlog_err err;

	if ((err = evlog_signer_state(log, &state)) != EVLOG_OK)
		return err;
	if (state.open && state.epoch == log->com.epoch &&
	    (err = signer_ask(log, SIGN_END, &state)) != EVLOG_OK)
		return err;
	if (!begin)
		return EVLOG_OK;
	if (!state.open &&
	    (err = signer_ask(log, SIGN_BEGIN, &state)) != EVLOG_OK)
		return err;
	if (state.height != log->file.height)
		return EVLOG_SIGNER;
	signer_epoch(&state, next);
	log->com.epoch = next->number;
	return EVLOG_OK;
}
