/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

void
endpoint_set(struct endpoint *e, const struct sockaddr *sa)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	size_t len;

	*e = (struct endpoint){ .address = "unknown" };
	if (sa->sa_family == AF_UNIX)
		strcpy(e->address, "local");
	if (sa->sa_family == AF_INET) {
		memcpy(&v4, sa, sizeof(v4));
		inet_ntop(AF_INET, &v4.sin_addr, e->address, ENDPOINT_TEXT);
		e->port = ntohs(v4.sin_port);
	} else if (sa->sa_family == AF_INET6) {
		memcpy(&v6, sa, sizeof(v6));
		inet_ntop(AF_INET6, &v6.sin6_addr, e->address, ENDPOINT_TEXT);
		e->port = ntohs(v6.sin6_port);
		len = strlen(e->address);
		if (v6.sin6_scope_id != 0) /* link-local: on which link */
			snprintf(e->address + len, ENDPOINT_TEXT - len, "%%%u",
			    (unsigned)v6.sin6_scope_id);
	}
}

void
endpoint_local(struct endpoint *e, const struct sockaddr *sa)
{
	struct endpoint ours;

	endpoint_set(&ours, sa);
	memcpy(e->local, ours.address, sizeof(e->local));
	e->local_port = ours.port;
}

void
endpoint_bytes(const struct sockaddr *sa, uint8_t addr[16])
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	memset(addr, 0, 16);
	if (sa->sa_family == AF_INET) {
		memcpy(&v4, sa, sizeof(v4));
		memset(addr + 10, 0xff, 2);
		memcpy(addr + 12, &v4.sin_addr, sizeof(v4.sin_addr));
	} else if (sa->sa_family == AF_INET6) {
		memcpy(&v6, sa, sizeof(v6));
		memcpy(addr, &v6.sin6_addr, sizeof(v6.sin6_addr));
	}
}

uint16_t
endpoint_port(const struct sockaddr *sa)
{
	struct sockaddr_in v4;

	/* Of both families the port stands at the same place. */
	_Static_assert(offsetof(struct sockaddr_in, sin_port) ==
		offsetof(struct sockaddr_in6, sin6_port),
	    "ports are where they are");
	memcpy(&v4, sa, sizeof(v4));
	return ntohs(v4.sin_port);
}

socklen_t
endpoint_sockaddr(const char *address, unsigned port,
    struct sockaddr_storage *ss)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)port) };

	memset(ss, 0, sizeof(*ss));
	if (inet_pton(AF_INET, address, &v4.sin_addr) == 1) {
		memcpy(ss, &v4, sizeof(v4));
		return sizeof(v4);
	}
	if (inet_pton(AF_INET6, address, &v6.sin6_addr) != 1)
		return 0;
	memcpy(ss, &v6, sizeof(v6));
	return sizeof(v6);
}
