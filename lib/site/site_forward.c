/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/site_forward.h"

#include <string.h>

#include "common/buf.h"
#include "common/log.h"
#include "site/fingerprint.h"
#include "site/target.h"

int
site_fingerprint(const char *text, uint8_t out[SHA256_LEN])
{
	struct buf full;
	int rc;

	buf_init(&full);
	if (strchr(text, 's') == NULL) /* as openssl prints it */
		buf_str(&full, "sha-256:");
	buf_str(&full, text);
	rc = fingerprint_parse(buf_view(&full), out);
	buf_fini(&full);
	return rc;
}

/* The node of a key, or the map itself if it is not there. */
static const struct yaml_node *
key_of(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *n = yaml_get(map, key);

	return n == NULL ? map : n;
}

/* Keys that mean something with TLS only. */
static int
check_forward_tls(struct conf *c, const struct site_forward *f,
    const struct yaml_node *map)
{
	static const char *const keys[] = { "ca", "fingerprint", "server_name",
		"certificate", "key" };
	const struct yaml_node *n;
	uint8_t hash[SHA256_LEN];
	struct target t;
	size_t i;

	if (target_parse(span_str(f->url), &t) != 0)
		return -1; /* it was checked */
	for (i = 0; !t.tls && i < sizeof(keys) / sizeof(keys[0]); i++)
		if ((n = yaml_get(map, keys[i])) != NULL)
			return yaml_fail(c->err, c->file, n,
			    tr("'%s' means nothing without TLS: remove it, or "
			       "use relp+tls://",
				"「%s」はTLSを使う転送先でのみ有効です。削除す"
				"るか、relp+tls://を使ってください"),
			    keys[i]);
	if (*f->fingerprint != '\0' && site_fingerprint(f->fingerprint, hash))
		return yaml_fail(c->err, c->file, key_of(map, "fingerprint"),
		    tr("'fingerprint' needs 64 hex digits (SHA-256), with or "
		       "without colons",
			"「fingerprint」には16進数64桁（SHA-256）を書いてくださ"
			"い（コロンは任意）"));
	if ((*f->certificate == '\0') != (*f->key == '\0'))
		return yaml_fail(c->err, c->file, map,
		    tr("'certificate' and 'key' go together",
			"「certificate」と「key」は両方書いてください"));
	return 0;
}

int
site_forward_check(struct conf *c, struct site *site, size_t i,
    const struct yaml_node *map)
{
	struct site_forward *f = &site->forwards[i], *o;
	const struct site_log *log = site_log(site, f->log_name);

	if (log == NULL)
		return yaml_fail(c->err, c->file, key_of(map, "log"),
		    tr("log '%s' is not a log under logs:",
			"ログ「%s」はlogs:にありません"),
		    f->log_name);
	f->log = (size_t)(log - site->logs);
	for (o = site->forwards; o < f; o++)
		if (strcmp(f->name, o->name) == 0)
			return yaml_fail(c->err, c->file, key_of(map, "name"),
			    tr("a target '%s' is there already in line %u",
				"転送先「%s」は%u行目にもあります"),
			    o->name, o->line);
	return check_forward_tls(c, f, map);
}
