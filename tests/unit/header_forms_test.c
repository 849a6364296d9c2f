/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>

#include "analyzer/format/header.h"
#include "common/buf.h"
#include "tests/tap.h"

/*
 * What devices and relays make of the head of a line, vendor by vendor.  Only
 * what is found is listed; zone is in minutes, '?' if its name says too
 * little; body is what is left.
 */
struct form {
	const char *name, *in, *want;
};

static const struct form cisco[] = {
	{ "IOS without a time", "<189>29: %SYS-5-CONFIG_I: C",
	    "pri=189 seq=29 body=%SYS-5-CONFIG_I: C" },
	{ "and without a counter", "<189>%SYS-5-CONFIG_I: C",
	    "pri=189 body=%SYS-5-CONFIG_I: C" },
	{ "a counter and a time", "<190>9004: Dec 8 20:07:53.081: %TCP-6-X: N",
	    "pri=190 time=Dec 8 20:07:53.081 seq=9004 body=%TCP-6-X: N" },
	{ "a clock never set", "<189>30: *Mar  1 00:00:46.123: %LINK-3-X: I",
	    "pri=189 time=*Mar  1 00:00:46.123 mark=* seq=30 "
	    "body=%LINK-3-X: I" },
	{ "a clock that lost its source, zone and year",
	    "<189>31: .Jun  7 2026 18:54:52.001 JST: %SYS-5-X: C",
	    "pri=189 time=.Jun  7 2026 18:54:52.001 JST zone=540 mark=. "
	    "seq=31 body=%SYS-5-X: C" },
	{ "the mark alone", "<189>*Jun  7 18:54:52: %SYS-5-X: C",
	    "pri=189 time=*Jun  7 18:54:52 mark=* body=%SYS-5-X: C" },
	{ "an origin", "<189>32: core-sw1: Jun  7 18:54:52: %SYS-5-X: C",
	    "pri=189 time=Jun  7 18:54:52 host=core-sw1 seq=32 "
	    "body=%SYS-5-X: C" },
	{ "an origin by its address",
	    "<189>33: 192.0.2.9: Jun  7 18:54:52: %SYS-5-X: C",
	    "pri=189 time=Jun  7 18:54:52 host=192.0.2.9 seq=33 "
	    "body=%SYS-5-X: C" },
	{ "by one of version 6",
	    "<189>33: 2001:db8::: Jun  7 18:54:52: %SYS-5-X: C",
	    "pri=189 time=Jun  7 18:54:52 host=2001:db8:: seq=33 "
	    "body=%SYS-5-X: C" },
	{ "both counters", "<190>401: 398: Jun  7 18:54:52 UTC: %A-6-B: x",
	    "pri=190 time=Jun  7 18:54:52 UTC zone=0 seq=398 "
	    "body=%A-6-B: x" },
	{ "both and an origin",
	    "<190>401: sw9: 398: Jun  7 18:54:52 UTC: %A-6-B: x",
	    "pri=190 time=Jun  7 18:54:52 UTC zone=0 host=sw9 seq=398 "
	    "body=%A-6-B: x" },
	{ "an origin between, without its colon",
	    "<190>401: sw9 398: Jun  7 18:54:52 UTC: %A-6-B: x",
	    "pri=190 time=Jun  7 18:54:52 UTC zone=0 host=sw9 seq=398 "
	    "body=%A-6-B: x" },
	{ "an origin only", "<190>sw9: Jun  7 18:54:52 JST: %A-6-B: x",
	    "pri=190 time=Jun  7 18:54:52 JST zone=540 host=sw9 "
	    "body=%A-6-B: x" },
	{ "a colon before it", "<190>: sw9: Jun  7 18:54:52: %A-6-B: x",
	    "pri=190 time=Jun  7 18:54:52 host=sw9 body=%A-6-B: x" },
	{ "what no mnemonic follows",
	    "<191>: sw9: Jun  7 18:54:52 JST: last message repeated 66 times",
	    "pri=191 time=Jun  7 18:54:52 JST zone=540 host=sw9 "
	    "body=last message repeated 66 times" },
	{ "NX-OS", "<189>: 2026 Jun  7 18:54:52 JST: %ETHPORT-5-X: I",
	    "pri=189 time=2026 Jun  7 18:54:52 JST zone=540 "
	    "body=%ETHPORT-5-X: I" },
	{ "NX-OS, an origin",
	    "<187>nx1: 2026 Jun  7 18:54:52 JST: last message repeated",
	    "pri=187 time=2026 Jun  7 18:54:52 JST zone=540 host=nx1 "
	    "body=last message repeated" },
	{ "a running time instead", "<189>34: sw9: 35: 2y10w: %SYS-5-X: C",
	    "pri=189 host=sw9 seq=35 up=2y10w body=%SYS-5-X: C" },
	{ "the first day", "00:02:58: %LINK-3-UPDOWN: I",
	    "up=00:02:58 body=%LINK-3-UPDOWN: I" },
	{ "weeks and days behind a relay",
	    "Jun  7 18:54:52 gw 3972256: 5w5d: %LINK-3-X: I",
	    "time=Jun  7 18:54:52 host=gw seq=3972256 up=5w5d "
	    "body=%LINK-3-X: I" },
	{ "IOS XR",
	    "<187>138: RP/0/RP0/CPU0:Jun  7 18:54:52.227 JST: snmpd[1002]: "
	    "%SNMP-3-X: y",
	    "pri=187 time=Jun  7 18:54:52.227 JST zone=540 app=snmpd "
	    "pid=1002 seq=138 body=%SNMP-3-X: y" },
	{ "IOS XR, an origin",
	    "<187>138: xr1 RP/0/RP0/CPU0:Jun  7 18:54:52.227 : "
	    "ifmgr[2]: %P-3-X: y",
	    "pri=187 time=Jun  7 18:54:52.227 host=xr1 app=ifmgr pid=2 "
	    "seq=138 body=%P-3-X: y" },
	{ "IOS XR, a name glued to the node",
	    "<190>99: RP/0/RSP0/CPU0:rt9:Nov 20 14:03:05.227 JST: SSHD_[65]: "
	    "%SECURITY-6-X : text",
	    "pri=190 time=Nov 20 14:03:05.227 JST zone=540 host=rt9 "
	    "app=SSHD_ pid=65 seq=99 body=%SECURITY-6-X : text" },
	{ "structured data before the time",
	    "<189>129: [syslog@9 s_id=\"rt1:514\"]: Nov 20 14:03:05.123 JST: "
	    "%SYS-5-X: t",
	    "pri=189 time=Nov 20 14:03:05.123 JST zone=540 host=rt1 "
	    "sd=[syslog@9 s_id=\"rt1:514\"] seq=129 body=%SYS-5-X: t" },
	{ "IOS in RFC 5424",
	    "<189>1 2026-11-20T14:03:06.123456+09:00 sw1 137: - - - "
	    "Nov 20 14:03:05.123 JST: %SYS-5-X: t",
	    "pri=189 time=Nov 20 14:03:05.123 JST zone=540 host=sw1 seq=137 "
	    "body=%SYS-5-X: t" },
	{ "a zone in lower case", "<190>1: 2: Jun  7 18:54:52 mdt: %A-6-B: x",
	    "pri=190 time=Jun  7 18:54:52 mdt zone=-360 seq=2 "
	    "body=%A-6-B: x" },
	{ "a zone of the operator's own",
	    "39222: *Jun  7 18:54:52.070 kita: %SEC-6-X: list",
	    "time=*Jun  7 18:54:52.070 kita zone=? mark=* seq=39222 "
	    "body=%SEC-6-X: list" },
	{ "a zone that is two", "<190>3: sw9: Jun  7 18:54:52 CST: %A-6-B: x",
	    "pri=190 time=Jun  7 18:54:52 CST zone=? host=sw9 seq=3 "
	    "body=%A-6-B: x" },
	{ "an offset by name",
	    "<189>3: sw9: Jun  7 18:54:52.1 UTC+07:30: %A-6-B: x",
	    "pri=189 time=Jun  7 18:54:52.1 UTC+07:30 zone=450 host=sw9 "
	    "seq=3 body=%A-6-B: x" },
	{ "a relay's head, the counter taken for its name",
	    "<190>5: Jun  7 18:54:53 192.0.2.9 sw9: 6: Jun  7 2026 "
	    "18:54:52 UTC: %A-6-B: x",
	    "pri=190 time=Jun  7 2026 18:54:52 UTC zone=0 host=sw9 "
	    "relay=192.0.2.9 seq=6 body=%A-6-B: x" },
	{ "a relay's head before a counter",
	    "Jun  7 18:54:53 192.0.2.9 6: Jun  7 18:54:52.020: %A-6-B: x",
	    "time=Jun  7 18:54:52.020 host=192.0.2.9 seq=6 body=%A-6-B: x" },
	{ "before a counter and no time",
	    "Jun  7 18:54:53 gw.example.jp 2279: %RCMD-4-X: A",
	    "time=Jun  7 18:54:53 host=gw.example.jp seq=2279 "
	    "body=%RCMD-4-X: A" },
	{ "before a time without a counter",
	    "<187>Jun  7 18:54:53 192.0.2.9 : 2026 Jun  7 18:54:52 JST: "
	    "last message",
	    "pri=187 time=2026 Jun  7 18:54:52 JST zone=540 host=192.0.2.9 "
	    "body=last message" },
	{ "a name over a name",
	    "Jun  7 18:54:53 gw.example.jp ids/ids 139: .Jun  7 09:54:52 "
	    "GMT: %IDS-4-X: S",
	    "time=.Jun  7 09:54:52 GMT zone=0 mark=. host=ids/ids "
	    "relay=gw.example.jp seq=139 body=%IDS-4-X: S" },
	{ "a name and no time", "<189>Jun 12 18:10:50 192.0.2.9 %ILP-5-X: I",
	    "pri=189 time=Jun 12 18:10:50 host=192.0.2.9 body=%ILP-5-X: I" },
	{ "the zone behind the name",
	    "<187>Jun 14 11:34:35 sr1 JST: %SFF-3-X: R",
	    "pri=187 time=Jun 14 11:34:35 zone=540 host=sr1 "
	    "body=%SFF-3-X: R" },
	{ "ASA with EMBLEM", "<166>:Jun  7 18:54:52 JST: %ASA-6-302013: B",
	    "pri=166 time=Jun  7 18:54:52 JST zone=540 "
	    "body=%ASA-6-302013: B" },
	{ "ASA behind its name, zone", "Jun  7 2026 18:54:52 JST fw1 : "
	    "%ASA-6-302013: B",
	    "time=Jun  7 2026 18:54:52 JST zone=540 host=fw1 "
	    "body=%ASA-6-302013: B" },
	{ "ASA behind its relay's address",
	    "<166>Nov 20 14:03:05 192.0.2.1 fw1 : %ASA-6-113039: t",
	    "pri=166 time=Nov 20 14:03:05 host=fw1 relay=192.0.2.1 "
	    "body=%ASA-6-113039: t" },
	{ "and a colon at its name",
	    "<166>Nov 20 14:03:05 192.0.2.1 fw1: %FTD-6-113039: t",
	    "pri=166 time=Nov 20 14:03:05 host=fw1 relay=192.0.2.1 "
	    "body=%FTD-6-113039: t" },
	{ "a zone there is no name",
	    "<166>Nov 20 14:03:05 fw1 JST: %ASA-6-113039: t",
	    "pri=166 time=Nov 20 14:03:05 zone=540 host=fw1 "
	    "body=%ASA-6-113039: t" },
	{ "FTD without anything", "%FTD-1-101001: (Primary) F",
	    "body=%FTD-1-101001: (Primary) F" },
	{ "FTD with three blanks", "2026-06-07T09:54:52Z   %FTD-1-430003: E",
	    "time=2026-06-07T09:54:52Z zone=0 body=%FTD-1-430003: E" },
	{ "FMC: a fraction of a priority",
	    "<14.2>Aug 14 2026 14:02:38 edit.cgi: fmc1: admin@192.0.2.1, S",
	    "pri=14 time=Aug 14 2026 14:02:38 app=edit.cgi "
	    "body=fmc1: admin@192.0.2.1, S" },
	{ "Meraki", "<134>1 1780826092.123456789 MX84_5 ip_flow_end src=1",
	    "pri=134 time=1780826092.123456789 zone=0 host=MX84_5 "
	    "app=ip_flow_end body=src=1" },
};

static const struct form relays[] = {
	{ "three heads",
	    "2026 Jun 07 18:54:54 col->192.0.2.9 Jun 7 18:54:53 col sw9 "
	    "Jun  7 18:54:52: %A-6-B: x",
	    "time=Jun  7 18:54:52 host=sw9 relay=col body=%A-6-B: x" },
	{ "an archive's", "2026 Jun 07 18:54:54 col->192.0.2.9 date=2026-06-07",
	    "time=2026 Jun 07 18:54:54 host=192.0.2.9 relay=col "
	    "body=date=2026-06-07" },
	{ "an archive's of a file", "2026 Jun 07 18:54:54 col->/var/log/x y",
	    "time=2026 Jun 07 18:54:54 host=col body=y" },
	{ "two priorities", "<13>Jun  7 18:54:53 rl <189>date=2026-06-07",
	    "pri=189 time=Jun  7 18:54:53 host=rl body=date=2026-06-07" },
	{ "a kernel's own level is none",
	    "Jun  7 18:54:53 h1 kernel: <4>iptables: IN=eth0",
	    "time=Jun  7 18:54:53 host=h1 app=kernel "
	    "body=<4>iptables: IN=eth0" },
	{ "RFC 5424 behind RFC 3164",
	    "Jun  7 18:54:53 rl 1 2026-06-07T18:54:52+09:00 192.0.2.9 "
	    "PulseSecure: - - - 2026-06-07 x",
	    "time=2026-06-07T18:54:52+09:00 zone=540 host=192.0.2.9 "
	    "app=PulseSecure relay=rl body=2026-06-07 x" },
	{ "its fields alone, of a vCenter",
	    "2026-06-07T18:54:52.5+09:00 vc1 sshd 4711 - -  Accepted x",
	    "time=2026-06-07T18:54:52.5+09:00 zone=540 host=vc1 app=sshd "
	    "pid=4711 body=Accepted x" },
	{ "no fields but words",
	    "2026-06-07T18:54:52.5+09:00 gw1 up 4711 - x",
	    "time=2026-06-07T18:54:52.5+09:00 zone=540 host=gw1 "
	    "body=up 4711 - x" },
	{ "RFC 5424 without priority and version",
	    "2026-06-07T09:54:52.7+09:00 vc1 sudo - - -  a : PWD=/",
	    "time=2026-06-07T09:54:52.7+09:00 zone=540 host=vc1 app=sudo "
	    "body=a : PWD=/" },
	{ "and with a process",
	    "2026-06-07T09:54:52Z h1 vpxd-svcs 4711 ID7 - x",
	    "time=2026-06-07T09:54:52Z zone=0 host=h1 app=vpxd-svcs pid=4711 "
	    "msgid=ID7 body=x" },
	{ "an access log is none",
	    "2026-06-07T09:54:52Z h1 192.0.2.9 - - - x",
	    "time=2026-06-07T09:54:52Z zone=0 host=h1 "
	    "body=192.0.2.9 - - - x" },
	{ "behind a tag, bare",
	    "Jun  7 18:54:53 192.0.2.1 ids: 2026-06-07T09:54:52.7Z srx1 "
	    "RT_IDS - RT_TCP [junos@2636.1 a=\"b\"] m",
	    "time=2026-06-07T09:54:52.7Z zone=0 host=srx1 app=RT_IDS "
	    "msgid=RT_TCP sd=[junos@2636.1 a=\"b\"] relay=192.0.2.1 body=m" },
	{ "RFC 5424 in RFC 5424",
	    "<13>1 2026-06-07T09:54:53Z rl - - - - <189>1 "
	    "2026-06-07T09:54:52Z h1 a 7 m - x",
	    "pri=189 time=2026-06-07T09:54:52Z zone=0 host=h1 app=a pid=7 "
	    "msgid=m relay=rl body=x" },
	{ "an address behind the name",
	    "<30>Jun  7 18:54:52 ns1.example.jp 192.0.2.4 dhcpd[7024]: D",
	    "pri=30 time=Jun  7 18:54:52 host=ns1.example.jp app=dhcpd "
	    "pid=7024 body=D" },
	{ "the name twice", "Jun  7 18:54:52 gw-1 gw-1 sshd[45]: F",
	    "time=Jun  7 18:54:52 host=gw-1 app=sshd pid=45 body=F" },
	{ "a priority in words behind the time",
	    "Jun  7 18:54:52 <local0.info> 192.0.2.9 06/07/2026:18:54:52 x",
	    "pri=134 time=Jun  7 18:54:52 host=192.0.2.9 "
	    "body=06/07/2026:18:54:52 x" },
	{ "in words at the start", "<Authpriv.Notice>Jun  7 18:54:52 h1 a: x",
	    "pri=85 time=Jun  7 18:54:52 host=h1 app=a body=x" },
	{ "what are no such words", "<local9.info>Jun  7 18:54:52 h1 a: x",
	    "body=<local9.info>Jun  7 18:54:52 h1 a: x" },
};

static const struct form details[] = {
	{ "a blank after the priority", "<13> Jun  7 18:54:52 h1 a: x",
	    "pri=13 time=Jun  7 18:54:52 host=h1 app=a body=x" },
	{ "blanks within", "< 13 >Jun  7 18:54:52 h1 a: x",
	    "pri=13 time=Jun  7 18:54:52 host=h1 app=a body=x" },
	{ "no end", "<13 Jun  7 18:54:52 h1 a: x",
	    "pri=13 time=Jun  7 18:54:52 host=h1 app=a body=x" },
	{ "nothing that needs one", "<13 a", "body=<13 a" },
	{ "zeros in front", "<01>Jun  7 18:54:52 h1 a: x",
	    "pri=1 time=Jun  7 18:54:52 host=h1 app=a body=x" },
	{ "over 191", "<192>Jun  7 18:54:52 h1 a: x",
	    "time=Jun  7 18:54:52 host=h1 app=a body=x" },
	{ "five digits", "<00013>a: x", "body=<00013>a: x" },
	{ "a BOM behind it", "<13>\xef\xbb\xbfJun  7 18:54:52 h1 a: x",
	    "pri=13 time=Jun  7 18:54:52 host=h1 app=a body=x" },
	{ "a count and a BOM", "38 \xef\xbb\xbf<13>Jun  7 18:54:52 h1 a: x",
	    "pri=13 time=Jun  7 18:54:52 host=h1 app=a body=x" },
	{ "a count of nothing of the kind", "38 bottles", "body=38 bottles" },
	{ "an escaped terminator", "<13>Jun  7 18:54:52 h1 a: x#015#012",
	    "pri=13 time=Jun  7 18:54:52 host=h1 app=a body=x" },
	{ "a number is none", "<13>Jun  7 18:54:52 h1 a: door #012",
	    "pri=13 time=Jun  7 18:54:52 host=h1 app=a body=door #012" },
	{ "tabs are left escaped", "<13>Jun  7 18:54:52 h1 a: x#011y",
	    "pri=13 time=Jun  7 18:54:52 host=h1 app=a body=x#011y" },
	{ "a port behind the name", "<13>Jun  7 18:54:52 h1.example.jp:514 x",
	    "pri=13 time=Jun  7 18:54:52 host=h1.example.jp body=x" },
	{ "version 6", "<13>Jun  7 18:54:52 2001:db8::5 a: x",
	    "pri=13 time=Jun  7 18:54:52 host=2001:db8::5 app=a body=x" },
	{ "with its interface", "<13>Jun  7 18:54:52 fe80::1%eth0 a: x",
	    "pri=13 time=Jun  7 18:54:52 host=fe80::1%eth0 app=a body=x" },
	{ "in brackets", "<13>Jun  7 18:54:52 [2001:db8::5]:514 a: x",
	    "pri=13 time=Jun  7 18:54:52 host=2001:db8::5 app=a body=x" },
	{ "version 4 in brackets", "<13>Jun  7 18:54:52 [192.0.2.4] a: x",
	    "pri=13 time=Jun  7 18:54:52 host=192.0.2.4 app=a body=x" },
	{ "what is in brackets is no host", "<13>Jun  7 18:54:52 [INSPECT] x",
	    "pri=13 time=Jun  7 18:54:52 body=[INSPECT] x" },
	{ "no name, and it says so", "Jun  7 18:54:52 (none) a[7]: x",
	    "time=Jun  7 18:54:52 app=a pid=7 body=x" },
	{ "digits are no name", "Jun  7 18:54:52 4872 1000/01/ - x",
	    "time=Jun  7 18:54:52 body=4872 1000/01/ - x" },
	{ "unless a tag follows", "Jun  7 18:54:52 4872 a[7]: x",
	    "time=Jun  7 18:54:52 host=4872 app=a pid=7 body=x" },
	{ "a level before the tag", "Jun  7 18:54:52 bip1 notice mcpd[6]: x",
	    "time=Jun  7 18:54:52 host=bip1 app=mcpd pid=6 level=notice "
	    "body=x" },
	{ "a priority in words before the name",
	    "2026 Nov 20 14:03:05 local5.info awplus IPS[2014]: [D]",
	    "pri=174 time=2026 Nov 20 14:03:05 host=awplus app=IPS pid=2014 "
	    "level=local5.info body=[D]" },
	{ "a facility too", "Jun  7 18:54:52 gw1 user.info kernel: x",
	    "pri=14 time=Jun  7 18:54:52 host=gw1 app=kernel "
	    "level=user.info body=x" },
	{ "a level is no name", "<174>Jun  7 18:54:52 INFO  uvm[0]:  {}",
	    "pri=174 time=Jun  7 18:54:52 app=uvm pid=0 level=INFO "
	    "body={}" },
	{ "nor a tag", "Jun  7 18:54:52 h1 notice of change",
	    "time=Jun  7 18:54:52 host=h1 body=notice of change" },
	{ "parentheses in a name", "<85>Jun  7 18:54:52 h1 "
	    "polkitd(authority=local)[400]: x",
	    "pri=85 time=Jun  7 18:54:52 host=h1 "
	    "app=polkitd(authority=local) pid=400 body=x" },
	{ "a bracket too many", "Jun  7 18:54:52 h1 gdm-password][12]: x",
	    "time=Jun  7 18:54:52 host=h1 app=gdm-password pid=12 body=x" },
	{ "blanks in a name", "Jun  7 18:54:52 h1 Google Chrome[853]: x",
	    "time=Jun  7 18:54:52 host=h1 app=Google Chrome pid=853 body=x" },
	{ "words before a bracket", "Jun  7 18:54:52 h1 Lost Link[853] x",
	    "time=Jun  7 18:54:52 host=h1 body=Lost Link[853] x" },
	{ "neither time nor host", "<30>systemd[1]: Started x",
	    "pri=30 app=systemd pid=1 body=Started x" },
	{ "what is repeated",
	    "Jun  7 18:54:52 h1 last message repeated 2 times",
	    "time=Jun  7 18:54:52 host=h1 "
	    "body=last message repeated 2 times" },
	{ "by nobody", "Jun  7 18:54:52 --- last message repeated 1 time ---",
	    "time=Jun  7 18:54:52 body=--- last message repeated 1 time "
	    "---" },
	{ "CEF glued to its tag", "<134>Jun  7 18:54:52 h1 ASM:CEF:0|F5|A",
	    "pri=134 time=Jun  7 18:54:52 host=h1 app=ASM body=CEF:0|F5|A" },
	{ "a program's own file", "2026-06-07 18:54:52.406 The session",
	    "time=2026-06-07 18:54:52.406 body=The session" },
	{ "another's", "2026-06-07 18:54:52 Socket Buffers: R",
	    "time=2026-06-07 18:54:52 body=Socket Buffers: R" },
	{ "a relay's file", "2026-06-07 18:54:52,121 h1 proftpd[25] x",
	    "time=2026-06-07 18:54:52,121 host=h1 app=proftpd pid=25 "
	    "body=x" },
	{ "a Mac's", "2026-03-23 06:47:42.801612-0700  mac1 sshd[3186]: F",
	    "time=2026-03-23 06:47:42.801612-0700 zone=-420 host=mac1 "
	    "app=sshd pid=3186 body=F" },
	{ "a proxy's", "1780826092.312 1 192.0.2.4 TCP_HIT/200",
	    "time=1780826092.312 zone=0 body=1 192.0.2.4 TCP_HIT/200" },
	{ "an Allied Telesis", "<14>2026 May 26 09:57:16 awplus IMISH: [S]x",
	    "pri=14 time=2026 May 26 09:57:16 host=awplus app=IMISH "
	    "body=[S]x" },
	{ "a Huawei", "2026/10/05 09:52:14 USG63 %%01URL/4/FILTER(l): T",
	    "time=2026/10/05 09:52:14 host=USG63 "
	    "body=%%01URL/4/FILTER(l): T" },
	{ "a Sophos UTM", "<190>2026:06:07-18:54:52 utm1 named[74]: x",
	    "pri=190 time=2026:06:07-18:54:52 host=utm1 app=named pid=74 "
	    "body=x" },
	{ "BIND's own file", "07-Jun-2026 18:54:52.372 client 192.0.2.4#1: x",
	    "time=07-Jun-2026 18:54:52.372 body=client 192.0.2.4#1: x" },
	{ "multilog", "@400000006a25416607735940 imap-login: Info: x",
	    "time=@400000006a25416607735940 zone=0 app=imap-login "
	    "body=Info: x" },
	{ "an Arista without a name", "<166> 2026-06-07T09:54:52Z Acl: "
	    "%ACL-6-IPACCESS: l",
	    "pri=166 time=2026-06-07T09:54:52Z zone=0 app=Acl "
	    "body=%ACL-6-IPACCESS: l" },
	{ "a comment", "#Fields: date time", "body=#Fields: date time" },
};

static const struct form rfc5424[] = {
	{ "all nil", "<165>1 - - - - - - x", "pri=165 body=x" },
	{ "data that has no name",
	    "<134>1 2026-06-07T09:54:52Z gw CheckPoint 137 - [action:\"Drop\"; "
	    "a:\"]\"] x",
	    "pri=134 time=2026-06-07T09:54:52Z zone=0 host=gw "
	    "app=CheckPoint pid=137 sd=[action:\"Drop\"; a:\"]\"] "
	    "body=[action:\"Drop\"; a:\"]\"] x" },
	{ "data that does not close", "<9>1 - h a p m [s x",
	    "pri=9 host=h app=a pid=p msgid=m body=[s x" },
	{ "values without quotes",
	    "<166>1 2026-06-07T09:54:52.193Z esx1 Vpxa 7 - [Originator@6876 "
	    "sub=vpxLro opID=7e] BEGIN",
	    "pri=166 time=2026-06-07T09:54:52.193Z zone=0 host=esx1 "
	    "app=Vpxa pid=7 sd=[Originator@6876 sub=vpxLro opID=7e] "
	    "body=BEGIN" },
	{ "no data at all", "<9>1 2026-06-07T09:54:52Z h a 7 m hello there",
	    "pri=9 time=2026-06-07T09:54:52Z zone=0 host=h app=a pid=7 "
	    "msgid=m body=hello there" },
	{ "a tag instead", "<14>1 2026-06-07T09:54:52Z esx1 cli[76]: V: C c",
	    "pri=14 time=2026-06-07T09:54:52Z zone=0 host=esx1 app=cli "
	    "pid=76 body=V: C c" },
	{ "words instead", "<14>1 2026-06-07T09:54:52Z sw9 link is down now",
	    "pri=14 time=2026-06-07T09:54:52Z zone=0 host=sw9 "
	    "body=link is down now" },
	{ "LEEF instead",
	    "<14>1 2026-06-07T09:54:52Z pa1 LEEF:1.0|Palo Alto Networks|P x",
	    "pri=14 time=2026-06-07T09:54:52Z zone=0 host=pa1 "
	    "body=LEEF:1.0|Palo Alto Networks|P x" },
	{ "no priority", "1 2026-06-07T09:54:52Z h a 7 m - x",
	    "time=2026-06-07T09:54:52Z zone=0 host=h app=a pid=7 msgid=m "
	    "body=x" },
	{ "a row that begins with 1", "1 2026/06/07 18:54:52 sato login",
	    "body=1 2026/06/07 18:54:52 sato login" },
	{ "behind a head too", "Jun  7 18:54:52 h1 1 2026-06-07 18:54:52 sato",
	    "time=Jun  7 18:54:52 host=h1 body=1 2026-06-07 18:54:52 sato" },
	{ "nor a version",
	    "2026-06-07T09:54:52.0Z epo1 EPOEvents - EventFwd "
	    "[agentInfo@3401 t=\"1\"] <?xml?>",
	    "time=2026-06-07T09:54:52.0Z zone=0 host=epo1 app=EPOEvents "
	    "msgid=EventFwd sd=[agentInfo@3401 t=\"1\"] body=<?xml?>" },
	{ "an offset with two signs (Check Point)",
	    "<85>1 2026-06-07T10:10:16--5:00 192.0.2.9 CP-GW - Log [F@1.3 "
	    "a=\"D\"] x",
	    "pri=85 time=2026-06-07T10:10:16--5:00 zone=-300 host=192.0.2.9 "
	    "app=CP-GW msgid=Log sd=[F@1.3 a=\"D\"] body=x" },
	{ "a colon behind the name",
	    "<30>1 2026-11-20T02:14:00+09:00 nas1 qulogd: 4100 - "
	    "[QuLog@Event ip=\"192.0.2.1\"] x",
	    "pri=30 time=2026-11-20T02:14:00+09:00 zone=540 host=nas1 "
	    "app=qulogd pid=4100 sd=[QuLog@Event ip=\"192.0.2.1\"] body=x" },
	{ "cut off", "<9>1 2026-06-07T09:54:52Z h a",
	    "pri=9 time=2026-06-07T09:54:52Z zone=0 host=h body=a" },
	{ "an address with its port",
	    "<9>1 2026-06-07T09:54:52Z [2001:db8::5]:514 a - - - x",
	    "pri=9 time=2026-06-07T09:54:52Z zone=0 host=2001:db8::5 app=a "
	    "body=x" },
	{ "a host by name and port", "<9>1 - h.example.jp:6514 a - - - x",
	    "pri=9 host=h.example.jp app=a body=x" },
};

static void
put(struct buf *out, const char *name, struct span s)
{
	if (s.len > 0)
		buf_printf(out, "%s=%.*s ", name, (int)s.len,
		    (const char *)s.p);
}

static const char *
print(const char *in)
{
	static struct buf out;
	struct header h;

	header_parse(span_str(in), &h);
	buf_fini(&out);
	buf_init(&out);
	if (h.pri >= 0)
		buf_printf(&out, "pri=%d ", h.pri);
	if (h.has_stamp) {
		put(&out, "time", h.stamp_text);
		if (h.stamp.has_zone)
			buf_printf(&out, "zone=%d ", h.stamp.zone / 60);
		if (h.stamp.odd_zone)
			buf_str(&out, "zone=? ");
		if (h.stamp.quality != 0)
			buf_printf(&out, "mark=%c ", h.stamp.quality);
	}
	put(&out, "host", h.host);
	put(&out, "app", h.app);
	put(&out, "pid", h.pid);
	put(&out, "msgid", h.msgid);
	put(&out, "sd", h.sd);
	put(&out, "relay", h.relay);
	put(&out, "level", h.level);
	put(&out, "seq", h.sequence);
	put(&out, "up", h.uptime);
	put(&out, "body", h.body[HEADER_TAG]);
	if (out.len > 0)
		out.len--;
	return buf_cstr(&out);
}

static void
check(const struct form *f, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const char *have = print(f[i].in);

		ok(strcmp(have, f[i].want) == 0, "%s", f[i].name);
		if (strcmp(have, f[i].want) != 0)
			printf("# have %s\n# want %s\n", have, f[i].want);
	}
}

int
main(void)
{
	check(cisco, sizeof(cisco) / sizeof(cisco[0]));
	check(relays, sizeof(relays) / sizeof(relays[0]));
	check(details, sizeof(details) / sizeof(details[0]));
	check(rfc5424, sizeof(rfc5424) / sizeof(rfc5424[0]));
	return done();
}
