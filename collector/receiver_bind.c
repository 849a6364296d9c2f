/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/un.h>
#include <unistd.h>

#include "collector/endpoint.h"
#include "collector/receiver.h"
#include "collector/udp.h"
#include "collector/unixsock.h"

/*
 * Ask for the receive buffer, beyond the system's limit if we may.  The kernel
 * answers with twice what it gives for data.
 */
unsigned
receiver_buffer(int fd, unsigned bytes)
{
	int want = (int)bytes, got = 0;
	socklen_t len = sizeof(got);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &want, sizeof(want)) !=
	    0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &want, sizeof(want));
	if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &got, &len) != 0)
		return 0;
	return (unsigned)got / 2;
}

static int
prepare(int fd, const struct site_listener *conf, int family, unsigned *granted)
{
	const int on = 1;

	if (family == AF_INET6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) != 0)
		return -1;
	if (conf->transport != SITE_UDP)
		return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on,
		    sizeof(on));
	*granted = receiver_buffer(fd, conf->receive_buffer);
	return udp_prepare(fd);
}

int
receiver_bind(const struct site_listener *conf, unsigned *granted)
{
	int type = site_is_datagram(conf->transport) ? SOCK_DGRAM : SOCK_STREAM;
	struct sockaddr_storage ss;
	socklen_t len = endpoint_sockaddr(conf->address, conf->port, &ss);
	int fd, saved;

	*granted = 0;
	if (site_is_unix(conf->transport))
		return unixsock_bind(conf);
	if (len == 0) {
		errno = EINVAL;
		return -1;
	}
	fd = socket(ss.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (prepare(fd, conf, ss.ss_family, granted) == 0 &&
	    bind(fd, (struct sockaddr *)&ss, len) == 0 &&
	    (type == SOCK_DGRAM || listen(fd, RECEIVER_BACKLOG) == 0))
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

int
receiver_bound(int fd, char *out, size_t size)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);
	struct endpoint e;
	int n;

	if (getsockname(fd, (struct sockaddr *)&ss, &len) != 0)
		return -1;
	endpoint_set(&e, (struct sockaddr *)&ss);
	if (ss.ss_family == AF_UNIX)
		n = snprintf(out, size, "%s 0",
		    ((struct sockaddr_un *)&ss)->sun_path);
	else
		n = snprintf(out, size, "%s %u", e.address, (unsigned)e.port);
	if (n < 0 || (size_t)n >= size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}
