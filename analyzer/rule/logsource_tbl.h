/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* CATEGORY(Sigma's category, values of konseki.kind that belong to it). */
CATEGORY("authentication", "login|logout|vpn-login|vpn-logout|admin-login|admin-logout|sudo|session")
CATEGORY("firewall", "traffic|traffic-denied|traffic-start|traffic-permitted|utm")
CATEGORY("configuration", "config-change|config-backup|account-change|log-disabled|log-cleared|restart")
CATEGORY("application", "emr-operation|login|logout")
