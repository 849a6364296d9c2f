/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* SLOT(identifier, name): what every format finds without parsing. */
SLOT(MESSAGE, "message") /* the line without its head */
SLOT(LINE, "line")	 /* the whole line */
SLOT(PEER, "peer")	 /* address of the sender, or the file's name */
SLOT(SYSLOG_PRI, "syslog.pri")
SLOT(SYSLOG_TIME, "syslog.time")
SLOT(SYSLOG_HOST, "syslog.host")
SLOT(SYSLOG_APP, "syslog.app")
SLOT(SYSLOG_PID, "syslog.pid")
SLOT(SYSLOG_MSGID, "syslog.msgid")
SLOT(SYSLOG_SD, "syslog.sd")
SLOT(SYSLOG_RELAY, "syslog.relay")
SLOT(SYSLOG_SEQUENCE, "syslog.sequence")
SLOT(SYSLOG_LEVEL, "syslog.level") /* a word: "notice", "local0.info" */
SLOT(SYSLOG_UPTIME, "syslog.uptime") /* of a device without a clock */
