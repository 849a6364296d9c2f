/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/drill_site.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "analyzer/command/command.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "site/account.h"

#define ARGS 16u
#define START_S 60 /* for the collector to listen, the watch to watch */

/* ---- konseki.yml ---- */

/* In quotes, as YAML takes any text. */
static void
quote(struct buf *out, const char *value)
{
	buf_byte(out, '"');
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			buf_byte(out, '\\');
		buf_byte(out, (uint8_t)*value);
	}
	buf_str(out, "\"\n");
}

static void
put(struct buf *out, const char *key, const char *value)
{
	if (*value == '\0')
		return;
	buf_printf(out, "  %s: ", key);
	quote(out, value);
}

static void
put_nets(struct buf *out, const char *key, const struct site_nets *nets)
{
	char text[64];
	size_t i;

	buf_printf(out, "  %s: [", key);
	for (i = 0; i < nets->n; i++) {
		bool v4 = nets->v[i].bits >= 96 &&
		    memcmp(nets->v[i].addr,
			"\0\0\0\0\0\0\0\0\0\0\377\377", 12) == 0;

		if (inet_ntop(v4 ? AF_INET : AF_INET6,
			nets->v[i].addr + (v4 ? 12 : 0), text,
			sizeof(text)) == NULL)
			continue;
		buf_printf(out, "%s\"%s/%u\"", i > 0 ? ", " : "", text,
		    nets->v[i].bits - (v4 ? 96 : 0));
	}
	buf_str(out, "]\n");
}

static void
put_ledgers(const struct site *r, struct buf *out)
{
	buf_str(out, "  ledgers:\n");
	put(out, "  devices", r->analyzer.devices);
	put(out, "  accounts", r->analyzer.accounts);
	put(out, "  maintenance", r->analyzer.maintenance);
	put(out, "  exceptions", r->analyzer.exceptions);
	put(out, "  duty", r->analyzer.duty);
	put(out, "  people", r->analyzer.people);
	put(out, "  exported", r->analyzer.exported);
	put(out, "  identities", r->analyzer.identities);
	put(out, "  networks", r->analyzer.networks);
	put(out, "  patients", r->analyzer.patients);
}

static void
put_ways(const struct site *r, struct buf *out)
{
	static const char *const tls[] = { "required", "opportunistic",
		"none" };
	size_t i;

	if (*r->mail.server != '\0') {
		buf_printf(out, "mail:\n  tls: %s\n  replies: %s\n",
		    tls[r->mail.tls], r->mail.replies ? "yes" : "no");
		put(out, "server", r->mail.server);
		put(out, "ca", r->mail.ca);
		put(out, "from", r->mail.from);
		put(out, "user", r->mail.user);
		put(out, "password_file", r->mail.password_file);
	}
	buf_printf(out,
	    "escalation:\n  answer_min: %u\n  gather_s: %u\n"
	    "  command_timeout_s: %u\n",
	    r->escalation.answer_min, r->escalation.gather_s,
	    r->escalation.command_timeout_s);
	put(out, "webhook", r->escalation.webhook);
	put(out, "webhook_ca", r->escalation.webhook_ca);
	put(out, "webhook_auth_file", r->escalation.webhook_auth_file);
	put(out, "cef", r->escalation.cef);
	put(out, "cef_ca", r->escalation.cef_ca);
	if (r->escalation.command.n == 0)
		return;
	buf_str(out, "  command:\n");
	for (i = 0; i < r->escalation.command.n; i++) {
		buf_str(out, "    - ");
		quote(out, r->escalation.command.v[i]);
	}
}

static void
print_site(const struct site *r, const struct drill_site *d, struct buf *out)
{
	int zone = r->zone / 60;

	buf_printf(out, "drill: yes\nuser: %s\ngroup: %s\nsite:\n", r->user,
	    r->group);
	put(out, "name", r->name);
	buf_printf(out,
	    "  zone: \"%c%02d:%02d\"\n  language: %s\nlogs:\n"
	    "  evidence: {origin: %s, epoch_height: 8}\n"
	    "  casebook: {origin: %.*s/casebook, epoch_height: 8}\n"
	    "listeners:\n  - {name: drill, transport: tcp, address: "
	    "127.0.0.1, port: 0, replay: yes}\n"
	    "writer: {reserve_mib: 1, ring_mib: 4}\n"
	    "analyzer:\n  verify_hours: 0\n",
	    zone < 0 ? '-' : '+', abs(zone) / 60, abs(zone) % 60,
	    r->language == SITE_LANGUAGE_JA ? "ja" : "en", d->origin,
	    (int)(strlen(d->origin) - strlen("/evidence")), d->origin);
	put_nets(out, "internal", &r->analyzer.internal);
	if (r->analyzer.vpn.n > 0)
		put_nets(out, "vpn", &r->analyzer.vpn);
	put(out, "rules", r->analyzer.rules);
	put(out, "profile", r->analyzer.profile);
	put(out, "calendar", r->analyzer.calendar);
	put(out, "contacts", r->analyzer.contacts);
	put_ledgers(r, out);
	put_ways(r, out);
}

/* ---- processes ---- */

/* fd: where its words go, or -1: to ours. */
static pid_t
start(const char *program, const char *const words[], const char *dir, int fd)
{
	char *argv[ARGS] = { 0 };
	size_t i, n = 0;
	pid_t pid;

	argv[n++] = strdup(program);
	for (i = 0; words[i] != NULL && n + 3 < ARGS; i++)
		argv[n++] = strdup(words[i]);
	argv[n++] = strdup("--site");
	argv[n++] = strdup(dir);
	if ((pid = fork()) == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (fd != -1 && (dup2(fd, 1) == -1 || dup2(fd, 2) == -1))
			_exit(127);
		execv(program, argv);
		_exit(127);
	}
	for (i = 0; i < n; i++)
		free(argv[i]);
	return pid;
}

static int
end(pid_t pid)
{
	int status = -1;

	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		continue;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Beside this program, as both are installed. */
static int
beside(const char *name, char *out, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", out, size - 1);
	char *slash;

	if (n <= 0)
		return -1;
	out[n] = '\0';
	slash = strrchr(out, '/');
	if (slash == NULL ||
	    (size_t)(slash - out) + strlen(name) + 2 > size)
		return -1;
	strcpy(slash + 1, name);
	return 0;
}

static int
words_file(const struct drill_site *d)
{
	char path[4096];

	if (io_join(path, sizeof(path), d->dir, "words") != 0)
		return -1;
	return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
}

int
drill_site_run(const struct drill_site *d, const char *const words[])
{
	int fd = words_file(d), rc;

	rc = end(start("/proc/self/exe", words, d->dir, fd));
	if (fd != -1)
		close(fd);
	if (rc != 0)
		log_error(tr("konseki %s of the drill failed; %s/words says "
			     "why",
			      "訓練用の konseki %s に失敗しました（%s/words）"),
		    words[0], d->dir);
	return rc == 0 ? 0 : -1;
}

static void
nap(void)
{
	const struct timespec ts = { .tv_nsec = 100000000 };

	(void)nanosleep(&ts, NULL);
}

/* "drill tcp 127.0.0.1 40123" of run/listeners. */
static int
read_port(struct drill_site *d)
{
	char path[4096];
	struct buf text;
	int rc = -1;

	buf_init(&text);
	if (io_join(path, sizeof(path), d->site->run, "listeners") == 0 &&
	    io_read_file(path, 4096, &text) == 0 &&
	    sscanf(buf_cstr(&text), "drill tcp 127.0.0.1 %d", &d->port) == 1)
		rc = 0;
	buf_fini(&text);
	return rc;
}

static int
start_collector(struct drill_site *d)
{
	static const char *const words[] = { "--foreground", NULL };
	char program[4096];
	int fd = words_file(d), i;

	if (beside("konseki-collector", program, sizeof(program)) != 0)
		return -1;
	d->collector = start(program, words, d->dir, fd);
	if (fd != -1)
		close(fd);
	for (i = 0; i < START_S * 10; i++) {
		if (read_port(d) == 0)
			return 0;
		if (waitpid(d->collector, NULL, WNOHANG) == d->collector) {
			d->collector = 0;
			break;
		}
		nap();
	}
	log_error(tr("the collector of the drill does not start; %s/words says "
		     "why",
		      "訓練用の収集プログラムが起動しません（%s/words）"),
	    d->dir);
	return -1;
}

/* The group of who collects may enter it, as with any site. */
static void
give(const struct drill_site *d, const char *file)
{
	const char *slash = strrchr(d->dir, '/');
	struct account a;
	char above[4096];
	struct buf why;

	snprintf(above, sizeof(above), "%.*s", (int)(slash - d->dir), d->dir);
	buf_init(&why);
	if (geteuid() == 0 && account_find(d->site, &a, &why) == 0 &&
	    (chown(above, 0, a.gid) != 0 || chown(d->dir, 0, a.gid) != 0 ||
		chown(file, 0, a.gid) != 0))
		log_errno("%s", d->dir);
	buf_fini(&why);
}

static int
make(const struct site *real, struct drill_site *d)
{
	static const char *const init[] = { "init", NULL };
	char path[4096];
	struct buf text;
	int rc = -1;

	buf_init(&text);
	print_site(real, d, &text);
	if (io_mkdirs(d->dir, 0750) != 0 ||
	    io_join(path, sizeof(path), d->dir, SITE_FILE) != 0 ||
	    io_replace_at(AT_FDCWD, path, 0640, buf_view(&text)) != 0)
		log_errno(tr("cannot write to %s", "%s に書けません"), d->dir);
	else if ((d->site = command_site(d->dir)) != NULL) {
		give(d, path);
		rc = drill_site_run(d, init);
	}
	buf_fini(&text);
	return rc;
}

/* Whoever answers finds the drill by this link. */
static void
point(const struct site *real, const struct drill_site *d)
{
	char path[4096];

	if (io_join(path, sizeof(path), real->dir, DRILL_CURRENT) != 0)
		return;
	(void)unlink(path);
	if (symlink(d->dir, path) != 0)
		log_errno("%s", path);
}

int
drill_site_open(const struct site *real, int64_t now, struct arena *arena,
    struct drill_site *d)
{
	struct utc_civil t;
	char *dir = realpath(real->dir, NULL);

	utc_to_civil(now, real->zone, &t);
	*d = (struct drill_site){ .port = 0 };
	d->dir = arena_printf(arena,
	    "%s/drill/%04d%02d%02d-%02d%02d%02d", dir == NULL ? real->dir : dir,
	    t.year, t.month, t.day, t.hour, t.minute, t.second);
	free(dir);
	d->origin = arena_printf(arena,
	    "drill.invalid/%04d%02d%02d-%02d%02d%02d/evidence", t.year, t.month,
	    t.day, t.hour, t.minute, t.second);
	if (make(real, d) != 0 || start_collector(d) != 0)
		return -1;
	point(real, d);
	return 0;
}

/* It has begun when it has read what there is: its notifier is confined. */
int
drill_site_watch(struct drill_site *d)
{
	static const char *const words[] = { "watch", NULL };
	int fd = words_file(d), i;

	d->watch = start("/proc/self/exe", words, d->dir, fd);
	if (fd != -1)
		close(fd);
	for (i = 0; i < 30; i++) {
		if (waitpid(d->watch, NULL, WNOHANG) == d->watch) {
			d->watch = 0;
			log_error(tr("konseki watch of the drill ended; "
				     "%s/words says why",
				      "訓練用の konseki watch が終了しました"
				      "（%s/words）"),
			    d->dir);
			return -1;
		}
		nap();
	}
	return 0;
}

void
drill_site_close(struct drill_site *d)
{
	if (d->watch > 0) {
		(void)kill(d->watch, SIGTERM);
		(void)end(d->watch);
	}
	if (d->collector > 0) {
		(void)kill(d->collector, SIGTERM);
		(void)end(d->collector);
	}
	d->watch = d->collector = 0;
	site_free(d->site);
	d->site = NULL;
}
