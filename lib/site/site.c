/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/site.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/io.h"
#include "common/log.h"
#include "evidence/cosign.h"
#include "evidence/note.h"
#include "site/certname.h"
#include "site/conf.h"
#include "site/fingerprint.h"
#include "site/site_clash.h"
#include "site/site_forward.h"
#include "site/succession.h"

#define FILE_MAX (1u << 20) /* bytes of a configuration file */

static const struct {
	const char *name, *word;
	enum site_transport like; /* in what can be configured: the first 3 */
} transports[SITE_TRANSPORT_COUNT] = {
	[SITE_UDP] = { "udp", "udp", SITE_UDP },
	[SITE_TCP] = { "tcp", "tcp", SITE_TCP },
	[SITE_TLS] = { "tls", "tls", SITE_TLS },
	[SITE_RELP] = { "relp", "tcp", SITE_TCP },
	[SITE_RELP_TLS] = { "relp-tls", "tls", SITE_TLS },
	[SITE_UNIX_DGRAM] = { "unix-dgram", "unix", SITE_UDP },
	[SITE_UNIX_STREAM] = { "unix-stream", "unix", SITE_TCP },
};

struct holder {		  /* a site and what it stands in */
	struct site site; /* first: the caller's pointer is ours */
	struct arena *arena;
};

/* The n-th node of a sequence or map, to say where. */
static const struct yaml_node *
nth(const struct yaml_node *parent, size_t i)
{
	const struct yaml_node *n = parent->first;

	while (i-- > 0)
		n = n->next;
	return n;
}

/* The node of a key, or the map itself if it is not there. */
static const struct yaml_node *
key_of(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *n = yaml_get(map, key);

	return n == NULL ? map : n;
}

static int
check_logs(struct conf *c, struct site *site, const struct yaml_node *root)
{
	const struct yaml_node *logs = yaml_get(root, "logs");
	struct site_log *l;
	size_t i, j;

	if (site_log(site, "evidence") == NULL ||
	    site_log(site, "casebook") == NULL)
		return yaml_fail(c->err, c->file, logs,
		    tr("logs: the logs 'evidence' and 'casebook' must both be "
		       "here",
			"logs: には「evidence」と「casebook」の両方が必要で"
			"す"));
	for (i = 0; i < site->n_logs; i++) {
		l = &site->logs[i];
		if (*l->dir == '\0')
			l->dir =
			    arena_printf(c->arena, "%s/%s", c->dir, l->name);
		for (j = 0; j < i; j++)
			if (strcmp(l->dir, site->logs[j].dir) == 0 ||
			    strcmp(l->origin, site->logs[j].origin) == 0)
				return yaml_fail(c->err, c->file, nth(logs, i),
				    tr("log '%s' has the dir or origin of log "
				       "'%s': each log needs its own",
					"ログ「%s」のdirまたはoriginがログ"
					"「%s」と同じです。ログごとに変えてく"
					"ださい"),
				    l->name, site->logs[j].name);
		l->first_dir = l->dir;
		l->first_origin = l->origin;
		l->keys = arena_printf(c->arena, "%s/%s", site->keys, l->name);
		l->label = l->ref = l->name;
		l->generation = 1;
	}
	return 0;
}

/* Who may send to a TLS listener. */
static int
check_clients(struct conf *c, const struct site_listener *l,
    const struct yaml_node *map)
{
	const struct yaml_node *n;
	uint8_t hash[SHA256_LEN];
	size_t i;

	if (*l->client_ca == '\0' && (l->client_names.n > 0 || *l->crl != '\0'))
		return yaml_fail(c->err, c->file,
		    key_of(map, *l->crl == '\0' ? "client_names" : "crl"),
		    tr("'client_names' and 'crl' need 'client_ca': without it "
		       "nobody vouches for what a certificate says",
			"「client_names」と「crl」には「client_ca」が必要です"
			"（証明書の内容を保証する認証局がないため）"));
	n = key_of(map, "client_fingerprints");
	for (i = 0; i < l->client_fingerprints.n; i++)
		if (fingerprint_parse(span_str(l->client_fingerprints.v[i]),
			hash) != 0)
			return yaml_fail(c->err, c->file, nth(n, i),
			    tr("not a fingerprint like sha-256:AA:BB:..., 32 "
			       "bytes (openssl x509 -noout -fingerprint "
			       "-sha256)",
				"sha-256:AA:BB:...（32バイト）の形の指紋ではあ"
				"りません（openssl x509 -noout -fingerprint "
				"-sha256で得られます）"));
	n = key_of(map, "client_names");
	for (i = 0; i < l->client_names.n; i++)
		if (!certname_valid(span_str(l->client_names.v[i])))
			return yaml_fail(c->err, c->file, nth(n, i),
			    tr("not a name like fw1.example.jp or "
			       "*.example.jp, nor an IP address",
				"fw1.example.jp、*.example.jpのような名前でも"
				"IPアドレスでもありません"));
	return 0;
}

static bool
key_applies(const struct site_listener *l, const char *key, const bool on[3])
{
	/* RELP has a framing of its own, and its senders wait in any case. */
	if (site_is_relp(l->transport) &&
	    (strcmp(key, "framing") == 0 || strcmp(key, "sources") == 0 ||
		strcmp(key, "backpressure") == 0 ||
		strcmp(key, "rate_limit") == 0))
		return false;
	if (strcmp(key, "path") == 0 || strcmp(key, "mode") == 0)
		return site_is_unix(l->transport);
	if (site_is_unix(l->transport) && /* no addresses, and who waits */
	    (strcmp(key, "address") == 0 || strcmp(key, "port") == 0 ||
		strcmp(key, "allow") == 0 || strcmp(key, "rate_limit") == 0 ||
		strcmp(key, "sources") == 0 ||
		strcmp(key, "max_per_source") == 0 ||
		strcmp(key, "receive_buffer") == 0))
		return false;
	return on[transports[l->transport].like];
}

/* A key that its transport would ignore is refused: nobody is misled. */
static int
check_keys(struct conf *c, const struct site_listener *l,
    const struct yaml_node *map)
{
	static const struct {
		const char *key;
		bool on[3]; /* by enum site_transport, or what it is like */
	} uses[] = {
		{ "framing", { false, true, true } },
		{ "sources", { false, true, true } },
		{ "max_frame", { false, true, true } },
		{ "max_connections", { false, true, true } },
		{ "max_per_source", { false, true, true } },
		{ "receive_buffer", { true, false, false } },
		{ "backpressure", { false, true, true } },
		{ "rate_limit", { true, true, true } },
		{ "allow", { true, true, true } },
		{ "address", { true, true, true } },
		{ "port", { true, true, true } },
		{ "path", { false, false, false } },
		{ "mode", { false, false, false } },
		{ "certificate", { false, false, true } },
		{ "key", { false, false, true } },
		{ "client_ca", { false, false, true } },
		{ "client_fingerprints", { false, false, true } },
		{ "client_names", { false, false, true } },
		{ "crl", { false, false, true } },
		{ "tls_profile", { false, false, true } },
	};
	const struct yaml_node *n;
	size_t i;

	for (i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
		n = yaml_get(map, uses[i].key);
		if (n != NULL && !key_applies(l, uses[i].key, uses[i].on))
			return yaml_fail(c->err, c->file, n,
			    tr("'%s' means nothing for transport %s: remove it",
				"「%s」は受信方式%sでは使えません。削除してくだ"
				"さい"),
			    uses[i].key, site_transport_name(l->transport));
	}
	if (!site_is_unix(l->transport) && yaml_get(map, "port") == NULL)
		return yaml_fail(c->err, c->file, map,
		    tr("'listeners[].port' is missing: port to listen on",
			"「listeners[].port」がありません: 待ち受けるポート"));
	if (site_is_unix(l->transport) &&
	    (*l->path == '\0' || strpbrk(l->path, " \t\n") != NULL))
		return yaml_fail(c->err, c->file, key_of(map, "path"),
		    tr("transport %s needs 'path', without blanks",
			"受信方式%"
			"sには「path」（空白を含まないパス）が必要です"),
		    site_transport_name(l->transport));
	if (site_is_tls(l->transport) &&
	    (*l->certificate == '\0' || *l->key == '\0'))
		return yaml_fail(c->err, c->file, map,
		    tr("transport %s needs 'certificate' and 'key'",
			"受信方式%sには「certificate」と「key」が必要です"),
		    site_transport_name(l->transport));
	return check_clients(c, l, map);
}

static int
check_listener(struct conf *c, struct site *site, size_t i,
    const struct yaml_node *map)
{
	struct site_listener *l = &site->listeners[i], *o;
	const struct site_log *log = site_log(site, l->log_name);

	if (log == NULL || strcmp(l->log_name, "casebook") == 0)
		return yaml_fail(c->err, c->file, key_of(map, "log"),
		    tr("log '%s' is not a log under logs: that can receive",
			"ログ「%s」はlogs:にないか、受信に使えません"),
		    l->log_name);
	l->log = (size_t)(log - site->logs);
	for (o = site->listeners; o < l; o++) {
		if (strcmp(l->name, o->name) == 0)
			return yaml_fail(c->err, c->file, key_of(map, "name"),
			    tr("a listener '%s' is there already in line %u",
				"受信口「%s」は%u行目にもあります"),
			    l->name, o->line);
		if (site_clash(l, o))
			return yaml_fail(c->err, c->file,
			    key_of(map, *l->path != '\0' ? "path" : "port"),
			    tr("listener '%s' in line %u has this address and "
			       "port, or path, already (0.0.0.0 and :: are all "
			       "addresses)",
				"このアドレスとポート（またはパス）は受信口"
				"「%s」（%u行目）が使っています（0.0.0.0と::は"
				"すべてのアドレス）"),
			    o->name, o->line);
	}
	if (l->backpressure == SITE_BACKPRESSURE_AUTO)
		l->backpressure = l->transport == SITE_TCP
		    ? SITE_BACKPRESSURE_NEVER_STALL
		    : SITE_BACKPRESSURE_STALL;
	return check_keys(c, l, map);
}

static int
check_watch(struct conf *c, struct site *site, size_t i,
    const struct yaml_node *map)
{
	struct site_watch *w = &site->watches[i], *o;
	const struct site_log *log = site_log(site, w->log_name);

	if (log == NULL || strcmp(w->log_name, "casebook") == 0)
		return yaml_fail(c->err, c->file, key_of(map, "log"),
		    tr("log '%s' is not a log under logs: that can receive",
			"ログ「%s」はlogs:にないか、受信に使えません"),
		    w->log_name);
	w->log = (size_t)(log - site->logs);
	for (o = site->watches; o < w; o++)
		if (strcmp(w->name, o->name) == 0 ||
		    strcmp(w->path, o->path) == 0)
			return yaml_fail(c->err, c->file, map,
			    tr("watch '%s' has this name or path already",
				"この名前またはパスは「%s」が使っています"),
			    o->name);
	return 0;
}

static int
check(struct conf *c, struct site *site, const struct yaml_node *root)
{
	const struct yaml_node *mail = yaml_get(root, "mail");
	size_t i;

	if (check_logs(c, site, root) != 0)
		return -1;
	for (i = 0; i < site->n_listeners; i++)
		if (check_listener(c, site, i,
			nth(yaml_get(root, "listeners"), i)) != 0)
			return -1;
	for (i = 0; i < site->n_watches; i++)
		if (check_watch(c, site, i, nth(yaml_get(root, "watch"), i)) !=
		    0)
			return -1;
	if (site->disk_warn_percent != 0 &&
	    site->disk_warn_percent < site->disk_alarm_percent)
		return yaml_fail(c->err, c->file, yaml_get(root, "writer"),
		    tr("writer: a warning (disk_warn_percent, %u) comes before "
		       "the alarm (disk_alarm_percent, %u)",
			"writer: 警告（disk_warn_percent: %u）は警報"
			"（disk_alarm_percent: %u）以上の値にしてください"),
		    site->disk_warn_percent, site->disk_alarm_percent);
	for (i = 0; i < site->n_forwards; i++)
		if (site_forward_check(c, site, i,
			nth(yaml_get(root, "forward"), i)) != 0)
			return -1;
	if ((*site->handover.certificate == '\0') !=
	    (*site->handover.key == '\0'))
		return yaml_fail(c->err, c->file, yaml_get(root, "handover"),
		    tr("handover: 'certificate' and 'key' go together",
			"handover: "
			"「certificate」と「key」は両方とも書いてください"));
	if (*site->mail.server != '\0' && *site->mail.from == '\0')
		return yaml_fail(c->err, c->file, mail,
		    tr("mail with a server needs 'from', the sender's address",
			"mailにserverを書くときは差出人「from」が必要です"));
	if ((*site->mail.user == '\0') != (*site->mail.password_file == '\0'))
		return yaml_fail(c->err, c->file, mail,
		    tr("mail: 'user' and 'password_file' go together",
			"mail: "
			"「user」と「password_file」は両方書いてください"));
	if ((*site->anchor.relay.url == '\0') !=
	    (*site->anchor.relay.secret_file == '\0'))
		return yaml_fail(c->err, c->file,
		    key_of(yaml_get(root, "anchor"), "relay"),
		    tr("relay: 'url' and 'secret_file' go together",
			"relay: 「url」と「secret_file」は両方書いてください"));
	if (site->escalation.command.n > 0 &&
	    *site->escalation.command.v[0] != '/')
		return yaml_fail(c->err, c->file,
		    key_of(yaml_get(root, "escalation"), "command"),
		    tr("the program of 'command' needs its whole path, from / "
		       "on",
			"「command」のプログラムは/から始まるパスで書いてくださ"
			"い"));
	return 0;
}

static int
check_witnesses(struct conf *c, struct site *site, const struct yaml_node *root)
{
	const struct yaml_node *n = yaml_get(root, "anchor");
	struct note_key k;
	size_t i;

	n = n == NULL ? NULL : yaml_get(n, "witnesses");
	for (i = 0; i < site->anchor.n_witnesses; i++)
		if (cosign_key_parse(span_str(site->anchor.witnesses[i].vkey),
			&k) != 0)
			return yaml_fail(c->err, c->file,
			    key_of(nth(n, i), "vkey"),
			    tr("not the key of a witness as 'konseki-witness "
			       "init' prints it",
				"証人の検証鍵（「konseki-witness init」の出力）"
				"ではありません"));
	return 0;
}

/* The casebook is read from its start: a case must not lose its beginning. */
static int
check_retention(struct conf *c, struct site *site, const struct yaml_node *root)
{
	const struct yaml_node *n, *logs = yaml_get(root, "logs");
	const struct site_log *book = site_log(site, "casebook");
	struct note_key a, b;
	size_t i, j;

	n = yaml_get(root, "retention");
	n = n == NULL ? NULL : yaml_get(n, "approvers");
	if (!book->retention.forever)
		return yaml_fail(c->err, c->file,
		    key_of(yaml_get(logs, "casebook"), "retention"),
		    tr("the casebook is kept whole: remove 'retention'",
			"事案簿は期限なく保存します。「retention」を削除してく"
			"ださい"));
	for (i = 0; i < site->approvers.n; i++) {
		if (note_key_parse(span_str(site->approvers.v[i]), &a) != 0)
			return yaml_fail(c->err, c->file, nth(n, i),
			    tr("not a key as 'konseki retention key' prints it",
				"「konseki retention "
				"key」が出力した鍵ではありません"));
		for (j = 0; j < i; j++)
			if (note_key_parse(span_str(site->approvers.v[j]),
				&b) == 0 &&
			    (strcmp(a.name, b.name) == 0 ||
				memcmp(a.key, b.key, sizeof(a.key)) == 0))
				return yaml_fail(c->err, c->file, nth(n, i),
				    tr("the name or the key is that of another "
				       "approver",
					"ほかの承認者と名前または鍵が同じで"
					"す"));
	}
	return 0;
}

static struct holder *
holder_new(void)
{
	struct arena *arena = arena_new();
	struct holder *h = arena_alloc(arena, sizeof(*h));

	h->arena = arena;
	return h;
}

struct site *
site_parse(struct span text, const char *file, const char *dir,
    struct yaml_error *err)
{
	struct holder *h = holder_new();
	struct arena *tree = arena_new();
	struct conf c = { .arena = h->arena, .err = err };
	struct yaml_node *root;

	c.file = arena_str(h->arena, span_str(file));
	c.dir = arena_str(h->arena, span_str(dir));
	h->site.file = c.file;
	h->site.dir = c.dir;
	h->site.text = arena_copy(h->arena, text);
	sha256(text, h->site.sha256);
	root = yaml_parse(text, file, tree, err);
	if (root == NULL ||
	    conf_fill(&c, CONF_ROOT, root, root, &h->site) != 0 ||
	    check(&c, &h->site, root) != 0 ||
	    check_witnesses(&c, &h->site, root) != 0 ||
	    check_retention(&c, &h->site, root) != 0) {
		site_free(&h->site);
		h = NULL;
	}
	arena_free(tree);
	return h == NULL ? NULL : &h->site;
}

/* The folder that a configuration file stands in. */
static void
dir_of(const char *file, struct buf *dir)
{
	const char *slash = strrchr(file, '/');

	if (slash == NULL)
		buf_str(dir, ".");
	else if (slash == file)
		buf_str(dir, "/");
	else
		buf_append(dir, file, (size_t)(slash - file));
}

struct site *
site_load(const char *path, struct yaml_error *err)
{
	struct buf file, dir, text;
	struct site *site = NULL;
	struct stat st;

	buf_init(&file);
	buf_init(&dir);
	buf_init(&text);
	buf_str(&file, path);
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		buf_str(&file, "/" SITE_FILE);
	dir_of(buf_cstr(&file), &dir);
	if (io_read_file(buf_cstr(&file), FILE_MAX, &text) != 0)
		yaml_fail(err, buf_cstr(&file), NULL,
		    tr("cannot read the configuration: %s",
			"設定ファイルを読めません: %s"),
		    strerror(errno));
	else
		site = site_parse(buf_view(&text), buf_cstr(&file),
		    buf_cstr(&dir), err);
	buf_fini(&text);
	buf_fini(&dir);
	buf_fini(&file);
	return site;
}

void
site_free(struct site *site)
{
	if (site != NULL)
		arena_free(((struct holder *)site)->arena);
}

const struct site_log *
site_log(const struct site *site, const char *name)
{
	size_t i;

	for (i = 0; i < site->n_logs; i++)
		if (strcmp(site->logs[i].name, name) == 0)
			return &site->logs[i];
	return NULL;
}

void
site_log_set(struct site *site, struct site_log *log, unsigned number,
    const struct generation *g)
{
	struct arena *a = ((struct holder *)site)->arena;

	log->dir = arena_str(a, span_str(g->dir));
	log->keys = arena_str(a, span_str(g->keys));
	log->origin = arena_str(a, span_str(g->origin));
	log->label = strrchr(log->keys, '/') + 1;
	log->generation = number;
}

const struct site_log *
site_log_over(struct site *site, const struct site_log *log, unsigned number,
    const struct generation *g)
{
	struct arena *a = ((struct holder *)site)->arena;
	struct site_log *old = arena_alloc(a, sizeof(*old));

	*old = *log;
	site_log_set(site, old, number, g);
	old->over = true;
	old->ref = arena_printf(a, "%s.%u", log->name, number);
	return old;
}

bool
site_nets_have(const struct site_nets *nets, const uint8_t addr[16])
{
	size_t i;
	unsigned bits, bytes;

	for (i = 0; i < nets->n; i++) {
		bytes = nets->v[i].bits / 8;
		bits = nets->v[i].bits % 8;
		if (memcmp(addr, nets->v[i].addr, bytes) == 0 &&
		    (bits == 0 ||
			((addr[bytes] ^ nets->v[i].addr[bytes]) >>
			    (8 - bits)) == 0))
			return true;
	}
	return false;
}

const char *
site_transport_name(unsigned transport)
{
	return transports[transport].name;
}

const char *
site_transport_word(unsigned transport)
{
	return transports[transport].word;
}

bool
site_is_tls(unsigned transport)
{
	return transport == SITE_TLS || transport == SITE_RELP_TLS;
}

bool
site_is_unix(unsigned transport)
{
	return transport == SITE_UNIX_DGRAM || transport == SITE_UNIX_STREAM;
}

bool
site_is_datagram(unsigned transport)
{
	return transport == SITE_UDP || transport == SITE_UNIX_DGRAM;
}

bool
site_is_relp(unsigned transport)
{
	return transport == SITE_RELP || transport == SITE_RELP_TLS;
}
