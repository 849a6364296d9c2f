/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * FORM(name, how it is read, how it is written, year, zone, digits of its
 * fraction): the clocks that log lines have.
 *
 * How it is read: the head of the line (NULL), or `time:` rules whose input t
 * is all of the line before a tab, and z, e what stands behind further tabs.
 * How it is written: as strftime() has it, and
 *	@3 @6 @9  a fraction of so many digits	@I  the hour of twelve
 *	@z @Z @n  +0900, +09:00, the zone's name	@P  午前 or 午後
 *	@s @m @u @N  the epoch in s, ms, us, ns		@R  the year of 令和
 *	@t  TAI64N	@y  the year, two digits	\t  ends t
 * year: whether it has one.  zone: NONE, or what the line says: ANY offset,
 * NAMED ones, UTC.
 */
/* Heads. */
FORM("RFC 3164", NULL, "<189>%b %e %H:%M:%S fw1 a[7]: x", NO_YEAR, NONE, 0)
FORM("RFC 3164, a zero", NULL, "<189>%b %d %H:%M:%S fw1 a[7]: x", NO_YEAR, NONE, 0)
FORM("RFC 3164, one digit", NULL, "%b %-d %H:%M:%S fw1 a[7]: x", NO_YEAR, NONE, 0)
FORM("a fraction", NULL, "<189>9: %b %-d %H:%M:%S.@3: %%A-6-B: x", NO_YEAR, NONE, 3)
FORM("Cisco, marked, a zone", NULL, "<189>9: .%b %e %H:%M:%S.@3 @n: %%A-6-B: x", NO_YEAR, NAMED, 3)
FORM("Cisco, never set", NULL, "<189>9: *%b %e %H:%M:%S: %%A-6-B: x", NO_YEAR, NONE, 0)
FORM("Cisco, a year and a zone", NULL, "<189>9: sw1: %b %e %Y %H:%M:%S.@3 @n: %%A-6-B: x", YEAR, NAMED, 3)
FORM("ASA", NULL, "<166>%b %d %Y %H:%M:%S fw1 : %%ASA-6-1: x", YEAR, NONE, 0)
FORM("ASA, a zone", NULL, "<166>%b %d %Y %H:%M:%S @n: %%ASA-6-1: x", YEAR, NAMED, 0)
FORM("ASA, RFC 5424", NULL, "<166>%Y-%m-%dT%H:%M:%SZ fw1 : %%ASA-6-1: x", YEAR, UTC, 0)
FORM("behind the host", NULL, "<187>%b %e %H:%M:%S fw1 @n: %%A-6-B: x", NO_YEAR, NAMED, 0)
FORM("ISE", NULL, "<182>%b %-d %H:%M:%S @Z ise1 CISE_A 1", NO_YEAR, ANY, 0)
FORM("NX-OS", NULL, "<189>: %Y %b %e %H:%M:%S.@3 @n: %%A-6-B: x", YEAR, NAMED, 3)
FORM("Allied Telesis", NULL, "<13> %Y %b %d %H:%M:%S sw1 a[7]: x", YEAR, NONE, 0)
FORM("year behind the time", NULL, "%b %e %H:%M:%S %Y sw1 a[7]: x", YEAR, NONE, 0)
FORM("asctime", NULL, "%a %b %e %H:%M:%S %Y us=1 x", YEAR, NONE, 0)
FORM("YAMAHA's own list", NULL, "%Y/%m/%d %H:%M:%S: LAN1: x", YEAR, NONE, 0)
FORM("Sophos UTM", NULL, "%Y:%m:%d-%H:%M:%S utm1 a[7]: x", YEAR, NONE, 0)
FORM("BIND", NULL, "%d-%b-%Y %H:%M:%S.@3 queries: x", YEAR, NONE, 3)
FORM("SQL Server", NULL, "%Y-%m-%d %H:%M:%S.@3 Logon       x", YEAR, NONE, 3)
FORM("a comma", NULL, "%Y-%m-%d %H:%M:%S,@3 h1 a[7] x", YEAR, NONE, 3)
FORM("PostgreSQL", NULL, "%Y-%m-%d %H:%M:%S.@3 @n [31225] x", YEAR, NAMED, 3)
FORM("Barracuda", NULL, "<134>%Y-%m-%d %H:%M:%S.@3 @z  waf1 TR", YEAR, ANY, 3)
FORM("RFC 5424", NULL, "<14>1 %Y-%m-%dT%H:%M:%S.@6@Z h a 7 - - x", YEAR, ANY, 6)
FORM("RFC 5424, UTC", NULL, "<14>1 %Y-%m-%dT%H:%M:%S.@3Z h a 7 - - x", YEAR, UTC, 3)
FORM("RFC 5424, no zone", NULL, "<14>1 %Y-%m-%dT%H:%M:%S h a 7 - - x", YEAR, NONE, 0)
FORM("RFC 3339 in front", NULL, "%Y-%m-%dT%H:%M:%S@Z h a[7]: x", YEAR, ANY, 0)
FORM("RFC 5322", NULL, "%a, %-d %b %Y %H:%M:%S @z h a[7]: x", YEAR, ANY, 0)
FORM("squid", NULL, "@s.@3   50 192.0.2.1 x", YEAR, UTC, 3)
FORM("Meraki", NULL, "<134>1 @s.@9 MX84 urls src=1", YEAR, UTC, 6)
FORM("multilog", NULL, "@t imap: x", YEAR, UTC, 6)
/* Bodies. */
FORM("a stamp in parentheses", "{from: t}", "%Y/%m/%d %H:%M:%S\t", YEAR, NONE, 0)
FORM("date and time", "{from: t, as: \"%Y-%m-%d %H:%M:%S\"}", "%Y-%m-%d %H:%M:%S\t", YEAR, NONE, 0)
FORM("FortiGate, tz", "{from: t, as: \"%Y-%m-%d %H:%M:%S\", zone: z}", "%Y-%m-%d %H:%M:%S\t@z\t", YEAR, ANY, 0)
FORM("FortiGate, tz by name", "{from: t, as: \"%Y-%m-%d %H:%M:%S\", zone: z}", "%Y-%m-%d %H:%M:%S\tUTC@Z\t", YEAR, ANY, 0)
FORM("Sophos, a zone's name", "{from: t, as: \"%Y-%m-%d %H:%M:%S\", zone: z}", "%Y-%m-%d %H:%M:%S\t@n\t", YEAR, NAMED, 0)
FORM("ArrayOS", "{from: t, as: \"%Y-%m-%d %H:%M:%S\", zone: z}", "%Y-%-m-%-d %H:%M:%S\tCST(@z)\t", YEAR, ANY, 0)
FORM("eventtime shows the zone", "{from: t, as: \"%Y-%m-%d %H:%M:%S\", epoch: e}", "%Y-%m-%d %H:%M:%S\t\t@N", YEAR, ANY, 0)
FORM("epoch", "{from: t, as: epoch}", "@s\t", YEAR, UTC, 0)
FORM("epoch, ms", "{from: t, as: epoch}", "@m\t", YEAR, UTC, 3)
FORM("epoch, us", "{from: t, as: epoch}", "@u\t", YEAR, UTC, 6)
FORM("epoch, ns", "{from: t, as: epoch}", "@N\t", YEAR, UTC, 6)
FORM("epoch and a fraction", "{from: t, as: epoch}", "@s.@3\t", YEAR, UTC, 3)
FORM("Apache", "{from: t, as: \"%d/%b/%Y:%H:%M:%S %z\"}", "%d/%b/%Y:%H:%M:%S @z\t", YEAR, ANY, 0)
FORM("Apache, as a stamp", "{from: t}", "%d/%b/%Y:%H:%M:%S @z\t", YEAR, ANY, 0)
FORM("HAProxy", "{from: t, as: \"%d/%b/%Y:%H:%M:%S.%f\"}", "%d/%b/%Y:%H:%M:%S.@3\t", YEAR, NONE, 3)
FORM("NetScaler", "{from: t, as: \"%m/%d/%Y:%H:%M:%S %Z\"}", "%m/%d/%Y:%H:%M:%S @n\t", YEAR, NAMED, 0)
FORM("NetScaler, year first", "{from: t, as: \"%Y/%m/%d:%H:%M:%S\"}", "%Y/%m/%d:%H:%M:%S\t", YEAR, NONE, 0)
FORM("Microsoft DHCP", "{from: t, as: \"%m/%d/%y,%H:%M:%S\"}", "%m/%d/@y,%H:%M:%S\t", YEAR, NONE, 0)
FORM("Microsoft DNS", "{from: t, as: \"%m/%d/%Y %I:%M:%S %p\"}", "%-m/%-d/%Y @I:%M:%S %p\t", YEAR, NONE, 0)
FORM("MySQL", "{from: t, as: \"%y%m%d %H:%M:%S\"}", "@y%m%d %H:%M:%S\t", YEAR, NONE, 0)
FORM("Snort", "{from: t, as: \"%m/%d-%H:%M:%S.%f\"}", "%m/%d-%H:%M:%S.@6\t", NO_YEAR, NONE, 6)
FORM("Suricata", "{from: t, as: \"%Y-%m-%dT%H:%M:%S.%f%z\"}", "%Y-%m-%dT%H:%M:%S.@6@z\t", YEAR, ANY, 6)
FORM("WatchGuard, always UTC", "{from: t, as: \"%Y-%m-%dT%H:%M:%S\", zone: UTC}", "%Y-%m-%dT%H:%M:%S\t", YEAR, UTC, 0)
FORM("Windows in a table", "{from: t, as: \"%a %b %d %H:%M:%S %Y\"}", "%a %b %d %H:%M:%S %Y\t", YEAR, NONE, 0)
FORM("an EMR", "{from: t, as: \"%Y/%m/%d %H:%M:%S\"}", "%Y/%-m/%-d %-H:%M:%S\t", YEAR, NONE, 0)
FORM("an EMR, 午後", "{from: t, as: \"%Y/%m/%d %p%I:%M:%S\"}", "%Y/%-m/%-d @P@I:%M:%S\t", YEAR, NONE, 0)
FORM("an EMR, 令和", "{from: t, as: \"%E年%m月%d日 %H:%M:%S\"}", "令和@R年%-m月%-d日 %-H:%M:%S\t", YEAR, NONE, 0)
FORM("an EMR, R", "{from: t, as: \"%E.%m.%d %H:%M:%S\"}", "R@R.%-m.%-d %-H:%M:%S\t", YEAR, NONE, 0)
FORM("an EMR, in full", "{from: t, as: \"%Y年%m月%d日(%a)%H時%M分%S秒\"}", "%Y年%-m月%-d日(金)%-H時%M分%S秒\t", YEAR, NONE, 0)
