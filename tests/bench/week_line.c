/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "week_line.h"

#include <stdio.h>
#include <time.h>

const unsigned week_share[WEEK_DEVICES] = { 66, 15, 5, 4, 3, 7 };

#define ZONE (9 * 3600)

static uint32_t
dice(struct week_line *w, uint32_t below)
{
	w->dice = w->dice * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (uint32_t)(w->dice >> 33) % below;
}

/* Most amounts are small, a few are large. */
static uint32_t
amount(struct week_line *w, unsigned bits)
{
	return dice(w, UINT32_C(1) << (4 + dice(w, bits - 4)));
}

static struct tm
site_time(uint64_t t)
{
	static time_t last_hour = -1;
	static struct tm hour;
	time_t s = (time_t)(t / 1000000) + ZONE;
	struct tm tm;

	if (s / 3600 != last_hour) {
		time_t from = s / 3600 * 3600;

		gmtime_r(&from, &hour);
		last_hour = s / 3600;
	}
	tm = hour;
	tm.tm_min = (int)(s / 60 % 60);
	tm.tm_sec = (int)(s % 60);
	return tm;
}

static unsigned
pc(struct week_line *w)
{
	return dice(w, WEEK_PCS);
}

struct flow {
	unsigned pc, server, port, proto, packets, seconds;
	const char *service;
	uint32_t sent, received;
	char to[32];
	const char *out;
};

static const struct {
	const char *name;
	unsigned port, proto;
} services[] = { { "HTTPS", 443, 6 }, { "HTTPS", 443, 6 }, { "HTTPS", 443, 6 },
	{ "DNS", 53, 17 }, { "HTTP", 80, 6 }, { "NTP", 123, 17 },
	{ "SMB", 445, 6 }, { "HTTPS", 443, 6 } };

/* Every second session leaves the house, but of no isolated PC; names and the
 * time are asked of servers inside. */
static struct flow
flow_make(struct week_line *w)
{
	unsigned s = dice(w, 8);
	struct flow f = { .pc = pc(w),
		.server = dice(w, WEEK_SERVERS),
		.port = services[s].port,
		.proto = services[s].proto,
		.service = services[s].name,
		.seconds = dice(w, 50) == 0 ? 60 + dice(w, 1800)
					    : dice(w, 60) };
	unsigned site = (f.pc * 7 + dice(w, 40)) % 700;

	f.sent = amount(w, 18);
	f.received = amount(w, 22);
	f.packets = f.sent / 900 + 1;
	f.out = f.pc % 10 != 9 && (f.port == 443 || f.port == 80) &&
		dice(w, 4) != 0
	    ? "wan1"
	    : "srv";
	if (f.out[0] == 'w')
		snprintf(f.to, sizeof(f.to), "%s.%u",
		    site < 250	     ? "198.51.100"
			: site < 500 ? "203.0.113"
				     : "192.0.2",
		    1 + site % 250);
	else
		snprintf(f.to, sizeof(f.to), "10.2.0.%u", 10 + f.server);
	return f;
}

static int
traffic(struct week_line *w, uint64_t t, char *out)
{
	struct tm tm = site_time(t);
	struct flow f = flow_make(w);
	const char *deny = dice(w, 40) == 0 ? "deny" : NULL;

	return snprintf(out, WEEK_LINE,
	    "<189>date=%04d-%02d-%02d time=%02d:%02d:%02d devname=\"fw01\" "
	    "devid=\"FGT100FTK2600001\" eventtime=%llu%03u tz=\"+0900\" "
	    "logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" "
	    "level=\"notice\" vd=\"root\" srcip=10.1.%u.%u srcport=%u "
	    "srcintf=\"lan%u\" srcintfrole=\"lan\" dstip=%s dstport=%u "
	    "dstintf=\"%s\" dstintfrole=\"undefined\" sessionid=%u proto=%u "
	    "action=\"%s\" policyid=%u policytype=\"policy\" service=\"%s\" "
	    "trandisp=\"noop\" duration=%u sentbyte=%u rcvdbyte=%u sentpkt=%u "
	    "rcvdpkt=%u appcat=\"unscanned\"\n",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min, tm.tm_sec, (unsigned long long)t, dice(w, 1000),
	    f.pc / 250, f.pc % 250 + 1, 1024 + dice(w, 60000), f.pc / 250,
	    f.to, f.port, f.out, (unsigned)w->n, f.proto,
	    deny != NULL	 ? deny
		: f.proto == 17 ? "accept"
				: "close",
	    deny != NULL ? 0 : 1 + f.pc % 12, f.service,
	    deny != NULL ? 0 : f.seconds, deny != NULL ? 0 : f.sent,
	    deny != NULL ? 0 : f.received, deny != NULL ? 0 : f.packets,
	    deny != NULL ? 0 : f.received / 1200 + 1);
}

/* Staff and vendors by VPN, an administrator now and then. */
static int
appliance(struct week_line *w, uint64_t t, char *out)
{
	struct tm tm = site_time(t);
	unsigned who = dice(w, 30), what = dice(w, 20);
	int n = snprintf(out, WEEK_LINE,
	    "<189>date=%04d-%02d-%02d time=%02d:%02d:%02d devname=\"fw01\" "
	    "devid=\"FGT100FTK2600001\" eventtime=%llu000 tz=\"+0900\" ",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min, tm.tm_sec, (unsigned long long)t);

	if (what == 0)
		return n +
		    snprintf(out + n, WEEK_LINE - (size_t)n,
			"logid=\"0100032001\" type=\"event\" "
			"subtype=\"system\" level=\"information\" "
			"vd=\"root\" logdesc=\"Admin login successful\" "
			"user=\"fwadmin\" ui=\"https(10.1.0.7)\" "
			"method=\"https\" srcip=10.1.0.7 dstip=10.2.0.1 "
			"action=\"login\" status=\"success\" "
			"reason=\"none\"\n");
	return n +
	    snprintf(out + n, WEEK_LINE - (size_t)n,
		"logid=\"010103942%u\" type=\"event\" subtype=\"vpn\" "
		"level=\"information\" vd=\"root\" action=\"tunnel-%s\" "
		"tunneltype=\"ssl-tunnel\" tunnelid=%u remip=203.0.113.%u "
		"tunnelip=10.212.134.%u user=\"user%03u\" "
		"group=\"vpn-users\" reason=\"N/A\" duration=%u\n",
		4 + what % 2, what % 2 == 0 ? "up" : "down", (unsigned)w->n,
		who + 1, who + 10, who, what % 2 == 0 ? 0 : dice(w, 7200));
}

static int
windows(struct week_line *w, uint64_t t, char *out)
{
	static const unsigned ids[] = { 4624, 4624, 4634, 4634, 4769, 4769,
		4768, 4672, 4776, 4624 };
	unsigned who = dice(w, WEEK_PEOPLE), p = who % WEEK_PCS;
	unsigned dc = dice(w, 2);
	unsigned id = dice(w, 400) == 0 ? 4625 : ids[dice(w, 10)];
	struct tm tm = site_time(t);

	return snprintf(out, WEEK_LINE,
	    "<14>1 %04d-%02d-%02dT%02d:%02d:%02d.%06u+09:00 "
	    "DC%u.hosp.example Microsoft-Windows-Security-Auditing 644 - "
	    "[NXLOG@14506 Keywords=\"%s\" EventType=\"AUDIT_%s\" "
	    "EventID=\"%u\" Channel=\"Security\" RecordNumber=\"%u\" "
	    "SubjectUserName=\"-\" SubjectDomainName=\"-\" "
	    "TargetUserName=\"user%03u\" TargetDomainName=\"HOSP\" "
	    "TargetLogonId=\"0x%x\" Status=\"%s\" LogonType=\"3\" "
	    "LogonProcessName=\"Kerberos\" "
	    "AuthenticationPackageName=\"Kerberos\" "
	    "WorkstationName=\"PC%03u\" IpAddress=\"10.1.%u.%u\" "
	    "IpPort=\"%u\"] An account was logged on or off.\n",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min, tm.tm_sec, (unsigned)(t % 1000000), dc + 1,
	    id == 4625 ? "-9218868437227405312" : "-9214364837600034816",
	    id == 4625 ? "FAILURE" : "SUCCESS", id, (unsigned)w->n, who,
	    dice(w, 1 << 24), id == 4625 ? "0xc000006d" : "0x0", p, p / 250,
	    p % 250 + 1, 49152 + dice(w, 16000));
}

static int
rtx(struct week_line *w, uint64_t t, char *out)
{
	struct tm tm = site_time(t);
	unsigned server = dice(w, WEEK_SERVERS);

	return snprintf(out, WEEK_LINE,
	    "<134>[INSPECT] PP[01][out][200080] TCP 10.2.0.%u:%u > "
	    "203.0.113.%u:443 (%04d/%02d/%02d %02d:%02d:%02d)\n",
	    10 + server, 1024 + dice(w, 60000), 100 + server,
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min, tm.tm_sec);
}

static int
linux_line(struct week_line *w, uint64_t t, char *out)
{
	static const char month[][4] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	unsigned host = (unsigned)w->n % WEEK_SERVERS;
	unsigned pid = 1000 + dice(w, 30000);
	struct tm tm = site_time(t);
	int n = snprintf(out, WEEK_LINE, "<86>%s %2d %02d:%02d:%02d srv%02u ",
	    month[tm.tm_mon], tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
	    host);
	char *to = out + n;
	size_t left = WEEK_LINE - (size_t)n;

	switch (dice(w, 12)) {
	case 0:
		return n +
		    snprintf(to, left,
			"sshd[%u]: Accepted publickey for backup from "
			"10.2.0.%u port %u ssh2: RSA SHA256:AAAA\n",
			pid, 10 + host, 1024 + dice(w, 60000));
	case 1:
		return n +
		    snprintf(to, left,
			"sshd[%u]: Disconnected from user backup 10.2.0.%u "
			"port %u\n",
			pid, 10 + host, 1024 + dice(w, 60000));
	default:
		return n +
		    snprintf(to, left,
			"CRON[%u]: pam_unix(cron:session): session %s for "
			"user root%s\n",
			pid, pid % 2 == 0 ? "opened" : "closed",
			pid % 2 == 0 ? "(uid=0) by (uid=0)" : "");
	}
}

static int
nas(struct week_line *w, uint64_t t, char *out)
{
	static const char *const action[] = { "Read", "Read", "Read", "Write",
		"Add", "Login Success" };
	struct tm tm = site_time(t);
	unsigned p = pc(w);

	return snprintf(out, WEEK_LINE,
	    "<30>1 %04d-%02d-%02dT%02d:%02d:%02d+09:00 nas1 qulogd 4100 - - "
	    "conn log: Users: HOSP\\user%03u, Source IP: 10.1.%u.%u, "
	    "Computer name: pc%03u, Connection type: SAMBA, Accessed "
	    "resources: share/ward%u/%06u.pdf, Action: %s\n",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min, tm.tm_sec, p, p / 250, p % 250 + 1, p, p % 12,
	    dice(w, 1000000), action[dice(w, 6)]);
}

static int
emr(struct week_line *w, uint64_t t, char *out)
{
	static const char *const what[] = { "カルテ参照", "カルテ参照",
		"カルテ入力", "検査結果参照", "処方入力", "ログイン",
		"ログアウト", "画像参照" };
	struct tm tm = site_time(t);
	unsigned who = dice(w, WEEK_PEOPLE);

	return snprintf(out, WEEK_LINE,
	    "user%03u,職員%03u,%04d/%d/%d %d:%02d:%02d,カルテ,%s,%08u,"
	    "PC%03u\r\n",
	    who, who, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
	    tm.tm_hour, tm.tm_min, tm.tm_sec, what[dice(w, 8)],
	    dice(w, 60000), who % WEEK_PCS);
}

size_t
week_line_make(struct week_line *w, enum week_device device, uint64_t t,
    char out[WEEK_LINE])
{
	int n = 0;

	w->n++;
	switch (device) {
	case WEEK_FORTIGATE:
		n = dice(w, 2000) == 0 ? appliance(w, t, out)
				       : traffic(w, t, out);
		break;
	case WEEK_WINDOWS:
		n = windows(w, t, out);
		break;
	case WEEK_RTX:
		n = rtx(w, t, out);
		break;
	case WEEK_LINUX:
		n = linux_line(w, t, out);
		break;
	case WEEK_NAS:
		n = nas(w, t, out);
		break;
	case WEEK_EMR:
		n = emr(w, t, out);
		break;
	case WEEK_DEVICES:
		break;
	}
	return (size_t)n;
}
