/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_ENDPOINT_H
#define COLLECTOR_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/* An address and port as the evidence has them.  Pure. */
#define ENDPOINT_TEXT 64 /* bytes, NUL included */

struct endpoint {
	char address[ENDPOINT_TEXT]; /* "192.0.2.1", "fe80::1%2" */
	uint16_t port;
	char local[ENDPOINT_TEXT]; /* of ours that it came to; "": unknown */
	uint16_t local_port;
	bool known; /* a program of this machine: who it is */
	uid_t uid;
	pid_t pid;
};

/* From the kernel's form; "unknown" and 0 of another family. */
void endpoint_set(struct endpoint *e, const struct sockaddr *sa);

/* The address and port of ours that it came to. */
void endpoint_local(struct endpoint *e, const struct sockaddr *sa);

/* The address alone, IPv4 as ::ffff:a.b.c.d; zeros of another family. */
void endpoint_bytes(const struct sockaddr *sa, uint8_t addr[16]);

/* The port alone; for the hot path. */
uint16_t endpoint_port(const struct sockaddr *sa);

/*
 * From configuration to the kernel's form.  Return its length, or 0 if the
 * text is no IPv4 or IPv6 address.
 */
socklen_t endpoint_sockaddr(const char *address, unsigned port,
    struct sockaddr_storage *ss);

#endif
