/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/bundle.h"
#include "collector/cell.h"
#include "collector/endpoint.h"
#include "collector/forwarder.h"
#include "collector/named.h"
#include "collector/priv.h"
#include "collector/receiver.h"
#include "collector/tlsload.h"
#include "common/cursor.h"
#include "common/io.h"
#include "common/log.h"
#include "evidence/cosign.h"
#include "site/succession.h"
#include "site/target.h"

#define FILE_MAX (1u << 20)	/* bytes of a configuration or a PEM file */
#define PARSE_MEMORY (1u << 28) /* bytes of address space beyond ours */
#define PARSE_SECONDS 10

static struct site *
parse(struct span text, const char *file, const char *dir)
{
	struct yaml_error err;
	struct site *site = site_parse(text, file, dir, &err);

	if (site == NULL)
		yaml_report(&err);
	return site;
}

#if !defined(__SANITIZE_ADDRESS__)
/* The address space that this process has already, the rings of a parent that
 * runs above all; 0 if that cannot be said. */
static rlim_t
mapped(void)
{
	char text[64];
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text));
	struct cursor c = cursor_make(span_make(text, n > 0 ? (size_t)n : 0));
	uint64_t pages = cursor_decimal(&c, UINT64_MAX >> 32);

	if (fd >= 0)
		close(fd);
	return c.bad ? 0 : pages * (rlim_t)sysconf(_SC_PAGESIZE);
}
#endif

/* In the child: everything it might be led to do, it cannot. */
static int
parse_confined(struct span text, const char *file, const char *dir)
{
	const struct rlimit seconds = { PARSE_SECONDS, PARSE_SECONDS };
#if !defined(__SANITIZE_ADDRESS__)
	const rlim_t most = mapped() + PARSE_MEMORY;
	const struct rlimit memory = { most, most };

	if (setrlimit(RLIMIT_AS, &memory) != 0)
		return 1;
#endif
	priv_close_others(NULL, 0);
	if (setrlimit(RLIMIT_CPU, &seconds) != 0 ||
	    cell_files(CELL_PARSER, NULL) != 0 ||
	    priv_drop(&(struct priv){ .root = geteuid() == 0 }, PRIV_NOBODY) !=
		0 ||
	    cell_calls(CELL_PARSER) != 0)
		return 1;
	return parse(text, file, dir) == NULL;
}

/* Whether the child found it good. */
static bool
tried(struct span text, const char *file, const char *dir)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(parse_confined(text, file, dir));
	if (pid < 0) {
		log_errno(
		    tr("cannot start a process", "プロセスを起動できません"));
		return false;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	if (WIFSIGNALED(status))
		log_error(tr("%s: parsing it did not end well (signal %d): it "
			     "is not taken",
			      "%s: 解析が異常終了しました（シグナル%d）。この設"
			      "定は使いません"),
		    file, WTERMSIG(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

struct site *
load_again(const char *file, const char *dir)
{
	struct site *site = NULL;
	struct buf text;

	buf_init(&text);
	if (io_read_file(file, FILE_MAX, &text) != 0)
		log_errno("%s", file);
	else if (tried(buf_view(&text), file, dir))
		site = parse(buf_view(&text), file, dir);
	if (site != NULL)
		succession_follow(site);
	buf_fini(&text);
	return site;
}

struct site *
load_site(const char *path)
{
	char file[4096], dir[4096];
	struct stat st;
	char *slash;

	if (realpath(path, dir) == NULL) {
		log_errno("%s", path);
		return NULL;
	}
	if (stat(dir, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (io_join(file, sizeof(file), dir, SITE_FILE) != 0)
			return NULL;
	} else {
		strcpy(file, dir);
		slash = strrchr(dir, '/');
		slash[slash == dir ? 1 : 0] = '\0';
	}
	return load_again(file, dir);
}

static int
tls_check(const struct site *site, const struct site_listener *l)
{
	struct buf text[TLS_FILE_COUNT], why;
	struct tls_files files;
	SSL_CTX *ctx = NULL;

	buf_init(&why);
	if (tlsload_read(l, text, &files, &why) == 0)
		ctx = tlsctx_new(l, &files, &why);
	if (ctx == NULL)
		log_error("%s:%u: %s", site->file, l->line, buf_cstr(&why));
	else if (why.len > 0)
		log_warn("%s:%u: %s", site->file, l->line, buf_cstr(&why));
	tlsload_wipe(text);
	buf_fini(&why);
	SSL_CTX_free(ctx);
	return ctx == NULL ? -1 : 0;
}

/* What the anchor process will need. */
static int
anchor_check(const struct site *site)
{
	const char *secret = site->anchor.relay.secret_file;
	struct note_key key;
	size_t i;
	int rc = 0;

	for (i = 0; i < site->anchor.n_witnesses; i++) {
		const char *vkey = site->anchor.witnesses[i].vkey;

		if (cosign_key_parse(span_str(vkey), &key) == 0)
			continue;
		log_error(tr("%s: anchor.witnesses: '%s' is no key of a "
			     "witness",
			      "%s: anchor.witnesses: 「%s」は証人の検証鍵ではあ"
			      "りません"),
		    site->file, vkey);
		rc = -1;
	}
	for (i = 0; i < site->anchor.n_tsas; i++)
		if (access(site->anchor.tsas[i].ca, R_OK) != 0) {
			log_errno("%s: anchor.tsa: '%s'", site->file,
			    site->anchor.tsas[i].ca);
			rc = -1;
		}
	if (*secret != '\0' && access(secret, R_OK) != 0) {
		log_errno("%s: anchor.relay: '%s'", site->file, secret);
		rc = -1;
	}
	return rc;
}

/* What the forwarder will need. */
static int
forward_check(const struct site *site)
{
	const struct site_forward *f;
	struct buf why;
	int rc = 0;

	buf_init(&why);
	for (f = site->forwards; f < site->forwards + site->n_forwards; f++) {
		why.len = 0;
		if (forwarder_check(f, &why) == 0)
			continue;
		log_error("%s:%u: forward '%s': %s", site->file, f->line,
		    f->name, buf_cstr(&why));
		rc = -1;
	}
	buf_fini(&why);
	return rc;
}

/* A watch is of one file. */
static int
watch_check(const struct site *site)
{
	const struct site_watch *w;
	size_t len = strlen(site->dir);
	const char *path;
	int rc = 0;

	for (w = site->watches; w < site->watches + site->n_watches; w++) {
		path = w->path;
		if (strncmp(path, site->dir, len) == 0)
			path += len;
		if (strpbrk(path, "*?[") == NULL || access(w->path, F_OK) == 0)
			continue;
		log_error(tr("%s:%u: watch '%s': path '%s': wildcards are not "
			     "known here: give each file a watch of its own",
			      "%s:%u: watch「%s」: path「%s」: ワイルドカードは"
			      "使えません。ファイルごとにwatchを書いてくださ"
			      "い"),
		    site->file, w->line, w->name, w->path);
		rc = -1;
	}
	return rc;
}

/* In the child, which may read everything for the files of TLS. */
static int
become_reader(const struct site *site)
{
	const struct priv self = { .root = geteuid() == 0 };

	if (cell_files(CELL_LOADER, site) == 0 &&
	    priv_drop(&self, PRIV_READER) == 0 && cell_calls(CELL_LOADER) == 0)
		return 0;
	log_errno(tr("cannot give up what is not needed",
	    "不要な権限を放棄できません"));
	return -1;
}

/* What each listener needs, to `l`.  0, or -1: it was said why. */
static int
listeners_load(const struct site *site, struct receiver_listener *l)
{
	struct buf why;
	size_t i;
	int rc = 0;

	buf_init(&why);
	for (i = 0; rc == 0 && i < site->n_listeners; i++) {
		l[i].conf = &site->listeners[i];
		if ((rc = receiver_load(&l[i], &why)) != 0)
			log_error("%s:%u: %s", site->file, l[i].conf->line,
			    buf_cstr(&why));
		why.len = 0;
	}
	buf_fini(&why);
	return rc;
}

/* What is used is what its hashes are of. */
static int
bundle_fill(const struct site *site, size_t number, int bundle)
{
	struct receiver_listener *l;
	struct buf named;
	size_t i;
	int rc;

	(void)number;
	if (become_reader(site) != 0)
		return -1;
	l = calloc(site->n_listeners + 1, sizeof(*l));
	if (l == NULL || load_check(site) != 0 || listeners_load(site, l) != 0)
		return -1; /* the process ends, and what it has read with it */
	buf_init(&named);
	named_words(site, l, &named);
	rc = bundle_put(bundle, site->text);
	if (rc == 0)
		rc = bundle_put(bundle, buf_view(&named));
	for (i = 0; i < site->n_listeners; i++) {
		if (rc == 0)
			rc = receiver_put(bundle, &l[i]);
		receiver_forget(&l[i]);
	}
	buf_fini(&named);
	free(l);
	return rc;
}

static int
named_fill(const struct site *site, size_t number, int bundle)
{
	struct buf named;
	int rc;

	(void)number;
	if (become_reader(site) != 0)
		return -1;
	buf_init(&named);
	named_words(site, NULL, &named);
	rc = bundle_put(bundle, site->text);
	if (rc == 0)
		rc = bundle_put(bundle, buf_view(&named));
	buf_fini(&named);
	return rc;
}

/* What a listener needs if it can be used, else why not. */
static int
listener_fill(const struct site *site, size_t number, int bundle)
{
	struct receiver_listener l = { .conf = &site->listeners[number] };
	SSL_CTX *ctx = NULL;
	struct buf why;
	int rc = -1;

	buf_init(&why);
	if (become_reader(site) != 0)
		return -1;
	if (receiver_load(&l, &why) == 0 &&
	    (ctx = tlsctx_new(l.conf, &l.files, &why)) != NULL)
		rc = receiver_put(bundle, &l);
	else
		(void)bundle_put(bundle, buf_view(&why)); /* without: no why */
	SSL_CTX_free(ctx);
	receiver_forget(&l);
	buf_fini(&why);
	return rc;
}

/* A child fills it. */
static int
in_child(int (*fill)(const struct site *site, size_t number, int bundle),
    const struct site *site, size_t number, int bundle)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		priv_close_others(&bundle, 1);
		_exit(fill(site, number, bundle) == 0 ? 0 : 1);
	}
	if (pid < 0) {
		log_errno(
		    tr("cannot start a process", "プロセスを起動できません"));
		return -1;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	if (bundle_seal(bundle) != 0)
		return -1;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

int
load_bundle(const struct site *site, int bundle)
{
	return in_child(bundle_fill, site, 0, bundle);
}

int
load_named(const struct site *site, int bundle)
{
	return in_child(named_fill, site, 0, bundle);
}

int
load_listener(const struct site *site, size_t number, int bundle,
    struct buf *why)
{
	off_t at = 0;

	if (in_child(listener_fill, site, number, bundle) == 0)
		return 0;
	(void)bundle_get(bundle, &at, why); /* it may have had no words */
	return -1;
}

/* Who can change what the collector goes by commands it. */
static void
warn_writable(const char *path)
{
	struct stat st;
	bool all;

	if (stat(path, &st) != 0)
		return; /* who needs it says so */
	all = (st.st_mode & S_IWOTH) != 0;
	if (!all &&
	    ((st.st_mode & S_IWGRP) == 0 || geteuid() != 0 || st.st_gid == 0))
		return;
	log_warn(all
		? tr("%s: everybody on this machine can change it (mode "
		     "%04o), and with it what is collected: run 'chmod "
		     "go-w %s'",
		      "%s: このマシンの全員が書き換えられ、収集の設定を変え"
		      "られます（モード%04o）。「chmod go-w %s」を実行して"
		      "ください")
		: tr("%s: its group can change it (mode %04o), and with "
		     "it what is collected: run 'chmod g-w %s'",
		      "%s: グループの利用者が書き換えられ、収集の設定を変え"
		      "られます（モード%04o）。「chmod g-w %s」を実行して"
		      "ください"),
	    path, (unsigned)(st.st_mode & 07777), path);
}

static void
warn_clear(const struct site *site)
{
	const struct site_forward *f;
	struct target t;
	size_t i;

	for (i = 0; i < site->n_forwards; i++) {
		f = &site->forwards[i];
		if (target_parse(span_str(f->url), &t) == 0 && !t.tls &&
		    !t.relp)
			log_warn(tr("%s:%u: forward '%s': syslog+tcp: what is "
				    "sent can be read and changed on its way, "
				    "and nothing acknowledges it: take "
				    "relp+tls or syslog+tls where the target "
				    "can",
				     "%s:%u: 転送先「%s」: syslog+tcp: 送信内容"
				     "は途中で盗聴・改変されるおそれがあり、受"
				     "信の確認もありません。転送先が対応してい"
				     "ればrelp+tlsまたはsyslog+tlsを使ってくだ"
				     "さい"),
			    site->file, f->line, f->name);
	}
}

void
load_warn(const struct site *site)
{
	struct stat st;

	warn_clear(site);

	warn_writable(site->dir);
	warn_writable(site->file);
	if (stat(site->keys, &st) == 0 && (st.st_mode & 0077) != 0)
		log_warn(tr("%s: the folder of the signing keys is not private "
			    "(mode %04o): run 'chmod 0700 %s'",
			     "%s: 署名鍵のフォルダーを他の利用者が見られます"
			     "（モード%04o）。「chmod 0700 %s」を実行してくださ"
			     "い"),
		    site->keys, (unsigned)(st.st_mode & 07777), site->keys);
}

/* Whether this machine has it, as far as that can be found out. */
static bool
has_address(const struct site_listener *l)
{
	struct sockaddr_storage ss;
	socklen_t len = endpoint_sockaddr(l->address, 0, &ss);
	int fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool has = len == 0 || fd < 0 ||
	    bind(fd, (struct sockaddr *)&ss, len) == 0 ||
	    errno != EADDRNOTAVAIL;

	if (fd >= 0)
		close(fd);
	return has;
}

void
load_warn_addresses(const struct site *site)
{
	const struct site_listener *l;

	for (l = site->listeners; l < site->listeners + site->n_listeners; l++)
		if (!site_is_unix(l->transport) && !has_address(l))
			log_warn(tr("%s:%u: listener '%s': this machine does "
				    "not have the address %s now: the "
				    "collector does not start until it has",
				     "%s:%u: 受信口「%s」: このマシンには現在"
				     "アドレス%sがありません。アドレスが付くま"
				     "でコレクターは起動できません"),
			    site->file, l->line, l->name, l->address);
}

int
load_check(const struct site *site)
{
	struct priv priv;
	struct buf why;
	struct stat st;
	char path[4096];
	size_t i;
	int rc = 0;

	buf_init(&why);
	if (priv_find(site, &priv, &why) != 0) {
		log_error("%s", buf_cstr(&why));
		rc = -1;
	}
	buf_fini(&why);
	if (anchor_check(site) != 0)
		rc = -1;
	if (forward_check(site) != 0)
		rc = -1;
	if (watch_check(site) != 0)
		rc = -1;
	for (i = 0; i < site->n_listeners; i++)
		if (site_is_tls(site->listeners[i].transport) &&
		    tls_check(site, &site->listeners[i]) != 0)
			rc = -1;
	for (i = 0; i < site->n_logs; i++) {
		if (io_join(path, sizeof(path), site->logs[i].dir, "log") ==
			0 &&
		    stat(path, &st) == 0)
			continue;
		log_error(tr("%s: log '%s': there is no log in '%s': run "
			     "'konseki init'",
			      "%s: ログ「%s」: 「%s」にログがありません。"
			      "「konseki init」を実行してください"),
		    site->file, site->logs[i].name, site->logs[i].dir);
		rc = -1;
	}
	return rc;
}
