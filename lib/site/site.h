/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_SITE_H
#define SITE_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/period.h"
#include "common/sha256.h"
#include "common/span.h"
#include "common/yaml.h"

/*
 * The configuration of one site: konseki.yml, read by collector and analyzer
 * alike.  Its keys are the rows of conf_tbl.h, which the parser, the error
 * messages and docs/site.md share.  A site is a folder; paths in the file are
 * relative to it and stand here joined with it.  Strings are never NULL: what
 * is not configured is "".  Read-only after loading.
 */
#define SITE_FILE "konseki.yml"
#define SITE_METRICS_SOCKET "metrics.sock" /* below the run folder */
#define SITE_LOGS_MAX 16u
#define SITE_LISTENERS_MAX 64u
#define SITE_WATCHES_MAX 16u
#define SITE_SOURCES_MAX 64u /* of a listener, and blocks of one */
#define SITE_ALLOW_MAX 256u  /* address blocks of a listener */
#define SITE_APPROVERS_MAX 32u
#define SITE_WITNESSES_MAX 8u
#define SITE_TSAS_MAX 4u
#define SITE_FORWARDS_MAX 8u
#define SITE_CLIENTS_MAX 1000u /* fingerprints or names of a listener */
#define SITE_NAME_MAX 32u      /* bytes of the name of a log or listener */

enum site_language { SITE_LANGUAGE_JA, SITE_LANGUAGE_EN };

enum site_transport {
	SITE_UDP,
	SITE_TCP,
	SITE_TLS,
	SITE_RELP,
	SITE_RELP_TLS,
	SITE_UNIX_DGRAM,
	SITE_UNIX_STREAM,
	SITE_TRANSPORT_COUNT
};

enum site_unix_mode { SITE_UNIX_0600, SITE_UNIX_0660, SITE_UNIX_0666 };

enum site_tls_profile { SITE_TLS_MODERN, SITE_TLS_LEGACY };

enum site_encoding { /* of a listener; no device sends UTF-16 */
	SITE_ENCODING_AUTO,
	SITE_ENCODING_UTF8,
	SITE_ENCODING_CP932,
	SITE_ENCODING_EUC_JP,
	SITE_ENCODING_ISO_2022_JP,
};

enum site_framing {	   /* of a stream listener */
	SITE_FRAMING_AUTO, /* decided by each connection's first bytes */
	SITE_FRAMING_OCTET,
	SITE_FRAMING_LF,
	SITE_FRAMING_NUL,
};

enum site_backpressure {	/* of a stream listener that cannot get on */
	SITE_BACKPRESSURE_AUTO, /* never once the file is loaded */
	SITE_BACKPRESSURE_STALL,
	SITE_BACKPRESSURE_NEVER_STALL,
};

enum site_compression { /* the numbers are those of evlog_options.level */
	SITE_COMPRESSION_AUTO = 0,
	SITE_COMPRESSION_FAST = 1,
	SITE_COMPRESSION_SMALL = 6,
};

enum site_mail_tls {
	SITE_MAIL_REQUIRED,
	SITE_MAIL_OPPORTUNISTIC,
	SITE_MAIL_NONE,
};

struct site_strings { /* a list */
	const char **v;
	size_t n;
};

struct site_net { /* a CIDR block; IPv4 as ::ffff:a.b.c.d, bits + 96 */
	uint8_t addr[16];
	unsigned bits;
};

struct site_nets {
	struct site_net *v;
	size_t n;
};

struct site_log {
	const char *name;    /* its key under logs: */
	const char *dir;     /* path; see succession.h */
	const char *keys;    /* folder of its signing keys */
	const char *origin;  /* of the signed notes */
	const char *label;   /* its name, of a successor with its number */
	unsigned generation; /* from 1 */
	bool over;	     /* another generation follows it */
	const char *ref;     /* as commands name it: see succession.h */
	const char *first_dir, *first_origin; /* as the file says */
	unsigned compression;		      /* enum site_compression */
	unsigned epoch_height, epoch_s;	      /* for init only */
	struct period retention;	      /* of its segments */
};

struct site_source { /* senders of a listener that are treated apart */
	struct site_nets addresses;
	unsigned framing; /* enum site_framing */
};

struct site_listener {
	const char *name;
	unsigned transport; /* enum site_transport */
	const char *address;
	unsigned port;	  /* 0: any free one, for tests */
	const char *path; /* unix */
	unsigned mode;	  /* enum site_unix_mode, of its file */
	const char *log_name;
	size_t log; /* index into site->logs */
	bool replay;
	unsigned framing;	     /* enum site_framing */
	unsigned encoding;	     /* enum site_encoding */
	struct site_source *sources; /* the first that fits decides */
	size_t n_sources;
	unsigned max_frame;	       /* bytes of a record */
	unsigned max_connections;      /* at a time */
	unsigned max_per_source;       /* of them, of one address */
	unsigned receive_buffer;       /* bytes asked of the kernel; UDP */
	struct site_nets allow;	       /* who may send; none: anybody */
	unsigned rate_limit;	       /* records a second; 0: no limit */
	unsigned silence_s; /* see talker.h; 0: no sender is called silent */
	unsigned backpressure;	       /* enum site_backpressure */
	const char *certificate, *key; /* paths, PEM; TLS */
	const char *client_ca, *crl;   /* paths, PEM, or ""; TLS */
	struct site_strings client_fingerprints, client_names;
	unsigned tls_profile; /* enum site_tls_profile */
	unsigned line;	      /* of konseki.yml, for messages */
};

struct site_watch { /* a file of this machine that is followed */
	const char *name;
	const char *path;
	const char *log_name;
	unsigned encoding; /* 0: auto; else 1 + enum text_encoding */
	size_t log;	   /* index into site->logs */
	unsigned line;	   /* of konseki.yml, for messages */
};

struct site_witness {
	const char *url;  /* its address, without "/add-checkpoint" */
	const char *vkey; /* as cosign_key_parse() takes it */
	const char *ca;	  /* file of certificates for https, or "" */
	unsigned every_s;
};

struct site_tsa {
	const char *url;
	const char *ca;	      /* file of certificates for tokens */
	const char *https_ca; /* for https, or "" */
	unsigned every_s;
	const char *policy; /* in figures and dots, or "" */
};

enum site_form { SITE_FORM_RECORD, SITE_FORM_PLAIN };
enum site_from { SITE_FROM_START, SITE_FROM_NOW };

struct site_forward { /* a collector that records are sent on to */
	const char *name;
	const char *url; /* as target_parse() takes it */
	const char *log_name;
	size_t log;		       /* index into site->logs */
	unsigned form;		       /* enum site_form */
	unsigned from;		       /* enum site_from */
	unsigned max_message;	       /* bytes */
	const char *ca;		       /* file of certificates, or "" */
	const char *fingerprint;       /* site_fingerprint(), or "" */
	const char *server_name;       /* or "": the url's host */
	const char *certificate, *key; /* ours: paths, PEM, or "" */
	unsigned line;		       /* of konseki.yml, for messages */
};

struct site {
	const char *dir;	    /* the site's folder */
	const char *file;	    /* the path of konseki.yml */
	struct span text;	    /* its bytes */
	uint8_t sha256[SHA256_LEN]; /* of its bytes: c1 and s1 records */

	const char *name;  /* of the hospital, for people */
	int zone;	   /* seconds east of UTC */
	unsigned language; /* enum site_language, of reports and mails */

	struct site_log *logs; /* at least evidence and casebook */
	size_t n_logs;
	bool drill; /* nothing of it is real, and all of it says so */
	const char *keys, *run, *cache, *reports; /* folders */
	const char *user, *group; /* to become when started as root */

	unsigned writer_workers; /* threads that hash and deflate */
	unsigned ring_mib;	 /* of the queue from receiver to writer */
	unsigned reserve_mib;	 /* of disk for each log when it is full */
	unsigned disk_low_percent, disk_low_days; /* recorded; 0: never */
	unsigned disk_look_s;
	unsigned disk_warn_percent, disk_alarm_percent; /* free; 0: never */

	struct site_listener *listeners;
	size_t n_listeners;

	struct site_watch *watches;
	size_t n_watches;

	struct {		  /* what is kept outside this machine */
		const char *copy; /* folder, or "" */
		unsigned every_s; /* of copy and relay */
		struct site_witness *witnesses;
		size_t n_witnesses;
		struct site_tsa *tsas;
		size_t n_tsas;
		struct { /* url "": none */
			const char *url, *secret_file, *ca;
		} relay;
	} anchor;

	struct site_forward *forwards;
	size_t n_forwards;

	struct site_strings approvers;	 /* of deletions: vkeys (note.h) */
	struct {			 /* what is handed over */
		const char *dir;	 /* folder of its keys */
		const char *certificate; /* path, PEM, or "" */
		const char *key;	 /* path, PEM, or "" */
	} handover;

	struct {			   /* the analyzer's inputs */
		const char *rules;	   /* folder, "": as installed */
		const char *profile;	   /* its name */
		unsigned verify_hours;	   /* between two; 0: never */
		struct site_nets internal; /* what counts as inside */
		struct site_nets vpn;	   /* what VPN clients get */
		/* ledgers */
		const char *devices, *accounts, *maintenance, *duty, *people,
		    *exceptions, *exported, *identities, *networks,
		    *patients;
		const char *calendar, *contacts;
	} analyzer;

	struct { /* who may do what: groups and "user:NAME" */
		struct site_strings operators, planners, safety, auditors;
	} roles;

	struct { /* how escalations are mailed; server "" = not at all */
		const char *server; /* smtp://host:port or smtps:// */
		unsigned tls;	    /* enum site_mail_tls */
		const char *ca;	    /* file of certificates, or "" */
		const char *from, *user, *password_file;
		bool replies; /* come to `konseki case ack --reply` */
	} mail;

	struct { /* when and how people are called */
		struct site_strings
		    command; /* program and arguments, or none */
		unsigned command_timeout_s;
		const char *webhook, *webhook_ca, *webhook_auth_file;
		const char *cef, *cef_ca; /* target_parse_alarm() takes cef */
		unsigned answer_min;   /* without answer: the next person */
		unsigned gather_s;     /* until what belongs together is told */
		unsigned repeat_h;     /* until the same is told again */
		unsigned silence_days; /* that a silence may last */
		unsigned max_per_hour; /* messages in all; then one digest */
	} escalation;

	struct { /* until when a week's sheet is signed; days after its end */
		unsigned remind_days, escalate_days; /* 0: never */
		unsigned hour;			     /* at the site */
	} review;
};

/*
 * Load the site at path: its folder, or its configuration file.  Return the
 * site, or NULL and the place and a sentence in *err.  Only the file itself is
 * read: whether what it names exists is for whoever uses it to say.
 */
struct site *site_load(const char *path, struct yaml_error *err);

/* As site_load for bytes: file is for messages, dir for relative paths. */
struct site *site_parse(struct span text, const char *file, const char *dir,
    struct yaml_error *err);

/* NULL is fine. */
void site_free(struct site *site);

/* The log of that name, or NULL. */
const struct site_log *site_log(const struct site *site, const char *name);

/* For succession.h: that generation of the log is in force. */
struct generation;
void site_log_set(struct site *site, struct site_log *log, unsigned number,
    const struct generation *g);

/* For succession.h: that generation of the log, which is over.  It lives as
 * long as the site. */
const struct site_log *site_log_over(struct site *site,
    const struct site_log *log, unsigned number, const struct generation *g);

/* Whether an address (IPv4 mapped) lies in one of the blocks. */
bool site_nets_have(const struct site_nets *nets, const uint8_t addr[16]);

/* "udp"; the names as in the file. */
const char *site_transport_name(unsigned transport);

/* The name that the evidence has: of RELP what it runs over. */
const char *site_transport_word(unsigned transport);

bool site_is_tls(unsigned transport);
bool site_is_relp(unsigned transport);
bool site_is_unix(unsigned transport);
bool site_is_datagram(unsigned transport);

#endif
