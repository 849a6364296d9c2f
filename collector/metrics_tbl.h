/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * METRIC(scope, name, type, member, unit, help): what the monitor shows, in
 * the order in which it shows it.  scope: SITE, SOURCE, LISTENER, LOG or DISK
 * (of each of them, with labels).  unit: N as it is; USEC becomes seconds.
 * What is lost and how often processes were made again have labels of their
 * own: metrics_print.c.  docs/site.md has a row for each (a test compares
 * them).
 */
METRIC(SITE, "konseki_up", gauge, parent.running, N, "1 if the collector receives.")
METRIC(SITE, "konseki_start_time_seconds", gauge, parent.started, USEC, "When the collector was started, since 1970.")
METRIC(SITE, "konseki_reloads_total", counter, parent.reloads, N, "Configurations taken over while running.")
METRIC(SITE, "konseki_reloads_refused_total", counter, parent.reloads_refused, N, "Configurations refused while running.")
METRIC(SITE, "konseki_last_reload_timestamp_seconds", gauge, parent.reloaded, USEC, "When a configuration was taken over last, since 1970; 0 never.")
METRIC(SITE, "konseki_ring_bytes", gauge, writer.ring_behind, N, "Bytes received that the writer has not taken yet.")
METRIC(SITE, "konseki_ring_size_bytes", gauge, writer.ring_size, N, "Room between receiver and writer.")
METRIC(SITE, "konseki_sources", gauge, writer.sources, N, "Senders in the table of konseki devices, those who were refused included.")
METRIC(SITE, "konseki_sources_left_out", gauge, writer.sources_left_out, N, "Those of them for whom there is no room among the metrics of senders.")
METRIC(SITE, "konseki_sources_silent", gauge, writer.sources_silent, N, "Senders that are silent for longer than is usual: see konseki devices.")
METRIC(SOURCE, "konseki_source_received_records_total", counter, records, N, "Records received of a sender, or refused (transport refused).")
METRIC(SOURCE, "konseki_source_received_bytes_total", counter, bytes, N, "Bytes of them.")
METRIC(SOURCE, "konseki_source_last_message_timestamp_seconds", gauge, last, USEC, "When the last of them came, since 1970.")
METRIC(SOURCE, "konseki_source_silent", gauge, silent, N, "1 if the sender is silent for longer than is usual.")
METRIC(LISTENER, "konseki_listener_open", gauge, open, N, "1 if the listener is open; 0 if its certificate or the like could not be used.")
METRIC(LISTENER, "konseki_listener_received_records_total", counter, received, N, "Records received.")
METRIC(LISTENER, "konseki_listener_received_bytes_total", counter, bytes, N, "Bytes received, framing included.")
METRIC(LISTENER, "konseki_listener_connections", gauge, connections, N, "Connections that are open.")
METRIC(LISTENER, "konseki_listener_connections_total", counter, accepted, N, "Connections that were accepted.")
METRIC(LOG, "konseki_log_accepted_records_total", counter, accepted, N, "Received records that were put into the log since the writer's start.")
METRIC(LOG, "konseki_log_records", gauge, size, N, "Records of the log, system records included.")
METRIC(LOG, "konseki_log_durable_records", gauge, durable, N, "Records on the disk and covered by a checkpoint.")
METRIC(LOG, "konseki_log_seals_total", counter, seals, N, "Seals since the writer's start.")
METRIC(LOG, "konseki_log_last_seal_timestamp_seconds", gauge, sealed, USEC, "When the last seal became durable, since 1970.")
METRIC(LOG, "konseki_log_fault", gauge, fault, N, "1 if the log cannot be written or sealed.")
METRIC(LOG, "konseki_log_reserve_in_use", gauge, held, N, "1 if the disk is full and the reserve in use: nothing is taken.")
METRIC(LOG, "konseki_log_kernel_dropped_datagrams_total", counter, kernel_dropped, N, "Datagrams for which the kernel had no room.")
METRIC(LOG, "konseki_log_queue_dropped_records_total", counter, queue_dropped, N, "Records that could not be written.")
METRIC(LOG, "konseki_log_refused_total", counter, refused, N, "Datagrams and connections that were turned away.")
METRIC(LOG, "konseki_log_epochs_left", gauge, epochs_left, N, "Signing keys that are left before a successor follows.")
METRIC(DISK, "konseki_disk_free_bytes", gauge, free, N, "Bytes free on the disk of the log.")
METRIC(DISK, "konseki_disk_size_bytes", gauge, size, N, "Bytes of the disk of the log.")
METRIC(DISK, "konseki_disk_state", gauge, state, N, "0 enough room, 1 below writer.disk_warn_percent, 2 below writer.disk_alarm_percent.")
