/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* CONVERT(identifier, name in a format file, what it does) */
CONVERT(NONE, "text", "the text as it is, checked against the field's type")
CONVERT(LOWER, "lower", "ASCII letters in lower case")
CONVERT(UPPER, "upper", "ASCII letters in upper case")
CONVERT(TRIM, "trim", "without blanks around it")
CONVERT(MAC, "mac", "a MAC address as AA-BB-CC-DD-EE-FF")
CONVERT(NS, "nanoseconds", "a duration")
CONVERT(US, "microseconds", "a duration")
CONVERT(MS, "milliseconds", "a duration")
CONVERT(SECONDS, "seconds", "a duration, a fraction is allowed")
CONVERT(MINUTES, "minutes", "a duration")
CONVERT(HMS, "hms", "a duration like 1:02:03, 0h:32m:16s or 2d 3h")
CONVERT(URL_DOMAIN, "url-domain", "the host of a URL")
CONVERT(URL_PATH, "url-path", "the path of a URL, without its query")
CONVERT(EPOCH, "epoch", "seconds, ms, us or ns of the epoch as a time")
CONVERT(ACCOUNT, "account", "the name in DOMAIN\\name")
CONVERT(DOMAIN, "account-domain", "the domain in DOMAIN\\name, else nothing")
