/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * What an event says, in one sentence: SAY(konseki.kind, variant, phase,
 * English, Japanese).  The first row that fits counts; variant "" fits any.
 * Variants: the outcome (success, failure); of traffic also out and out-more
 * (from inside to outside, finished or still going on) and inside.
 * {field} is the event's value, or "?" where it has none; [...] is left out
 * where a field in it has no value.  "{x.bytes}" prints as "40.0 GB".
 */
SAY("staff-report", "", NONE,
    "Told by the staff ({event.reason}): {user.name}[, {source.address}][, {host.name}][: {message}]",
    "職員の申告（{event.reason}）：{user.name}[、{source.address}][、{host.name}][：{message}]")
SAY("vpn-login", "success", ENTRY,
    "VPN login succeeded: {user.name} from {source.ip}[ ({source.geo.country_name})][, given {konseki.tunnel.ip}]",
    "VPNログイン成功：{user.name}（接続元 {source.ip}[・{source.geo.country_name}]）[、割当アドレス {konseki.tunnel.ip}]")
SAY("vpn-login", "failure", ENTRY,
    "VPN login failed: {user.name} from {source.ip}[ ({source.geo.country_name})]",
    "VPNログイン失敗：{user.name}（接続元 {source.ip}[・{source.geo.country_name}]）")
SAY("vpn-logout", "", NONE,
    "VPN session ended: {user.name}[ from {source.ip}][, {source.bytes} sent]",
    "VPN接続終了：{user.name}[（接続元 {source.ip}）][、送信 {source.bytes}]")
SAY("vpn-access", "", ENTRY,
    "Access through the VPN portal: {user.name} from {source.ip}",
    "VPNポータル経由の接続：{user.name}（接続元 {source.ip}）")
SAY("vpn-tunnel", "", NONE,
    "VPN tunnel event[ with {destination.ip}][: {message}]",
    "VPNトンネルの状態変化[（相手 {destination.ip}）][：{message}]")
SAY("vpn-statistics", "", NONE,
    "VPN session goes on: {user.name}",
    "VPN接続継続中：{user.name}")
SAY("admin-login", "success", ENTRY,
    "Administrator logged in: {user.name}[ from {source.ip}][ by {konseki.management.interface}]",
    "管理者ログイン成功：{user.name}[（接続元 {source.ip}）][、{konseki.management.interface}]")
SAY("admin-login", "failure", ENTRY,
    "Administrator login failed: {user.name}[ from {source.ip}][ by {konseki.management.interface}]",
    "管理者ログイン失敗：{user.name}[（接続元 {source.ip}）][、{konseki.management.interface}]")
SAY("admin-logout", "", NONE,
    "Administrator logged out: {user.name}[ from {source.ip}]",
    "管理者ログアウト：{user.name}[（接続元 {source.ip}）]")
SAY("login", "success", LATERAL,
    "Login succeeded: {user.name}[ from {source.ip}][ by {process.name}]",
    "ログイン成功：{user.name}[（接続元 {source.ip}）][、{process.name}]")
SAY("login", "failure", LATERAL,
    "Login failed: {user.name}[ from {source.ip}][ by {process.name}]",
    "ログイン失敗：{user.name}[（接続元 {source.ip}）][、{process.name}]")
SAY("logout", "", NONE,
    "Logged out: {user.name}",
    "ログアウト：{user.name}")
SAY("login", "", LATERAL,
    "Login: {user.name}[ from {source.ip}][ by {process.name}]",
    "ログイン：{user.name}[（接続元 {source.ip}）][、{process.name}]")
SAY("login-detail", "", LATERAL,
    "Login, detail: {user.name}[ from {source.ip}][: {event.reason}]",
    "ログインの詳細：{user.name}[（接続元 {source.ip}）][：{event.reason}]")
SAY("session-start", "", NONE,
    "Session began: {user.name}[ as {user.effective.name}][ by {process.name}]",
    "セッション開始：{user.name}[→{user.effective.name}][、{process.name}]")
SAY("session-end", "", NONE,
    "Session ended: {user.name}[ by {process.name}]",
    "セッション終了：{user.name}[、{process.name}]")
SAY("sudo", "failure", LATERAL,
    "Privileged command refused: {user.name}[ as {user.effective.name}][: {process.command_line}]",
    "特権コマンドの拒否：{user.name}[→{user.effective.name}][：{process.command_line}]")
SAY("sudo", "", LATERAL,
    "Privileged command: {user.name}[ as {user.effective.name}][: {process.command_line}]",
    "特権コマンドの実行：{user.name}[→{user.effective.name}][：{process.command_line}]")
SAY("su", "", LATERAL,
    "Changed to another account: {user.name}[ to {user.effective.name}][, {event.outcome}]",
    "別のアカウントへの切替：{user.name}[→{user.effective.name}][、{event.outcome}]")
SAY("privilege-change", "", LATERAL,
    "Took administrator rights: {user.name}",
    "管理者権限への切替：{user.name}")
SAY("admin-command", "", ENTRY,
    "Administrator's command: {user.name}[: {konseki.config.change}]",
    "管理者のコマンド実行：{user.name}[：{konseki.config.change}]")
SAY("account-locked", "", ENTRY,
    "Account locked: {user.name}",
    "アカウントのロック：{user.name}")
SAY("scheduled-task", "", NONE,
    "Scheduled task: {user.name}[: {process.command_line}]",
    "定期処理の実行：{user.name}[：{process.command_line}]")
SAY("file-transfer", "", EXFILTRATION,
    "File transferred[: {user.name}][, {file.path}]",
    "ファイル転送[：{user.name}][、{file.path}]")
SAY("emr-operation", "", NONE,
    "Operation: {user.name}[, {konseki.menu}][, {konseki.operation}]",
    "システム操作：{user.name}[、{konseki.menu}][、{konseki.operation}]")
SAY("vpn-session", "", NONE,
    "VPN session: {user.name}[ from {source.ip}][, given {konseki.tunnel.ip}]",
    "VPN接続の状態：{user.name}[（接続元 {source.ip}）][、割当アドレス {konseki.tunnel.ip}]")
SAY("threat", "", ENTRY,
    "Threat reported by the device[: {source.ip}][ to {destination.ip}][: {message}]",
    "機器による脅威の検知[：{source.ip}][ → {destination.ip}][：{message}]")
SAY("web-access", "", NONE,
    "Web access[: {source.ip}][ to {url.domain}]",
    "Webアクセス[：{source.ip}][ → {url.domain}]")
SAY("account-change", "", ENTRY,
    "Accounts changed[: {user.target.name}][ by {user.name}][, {konseki.config.path}]",
    "アカウントの変更[：{user.target.name}][（操作者 {user.name}）][、{konseki.config.path}]")
SAY("config-change", "", ENTRY,
    "Configuration changed[: {konseki.config.path}][ {konseki.config.change}][ by {user.name}]",
    "設定変更[：{konseki.config.path}][ {konseki.config.change}][（操作者 {user.name}）]")
SAY("config-backup", "", DISCOVERY,
    "Configuration taken out[ by {user.name}]",
    "設定の取り出し[（操作者 {user.name}）]")
SAY("api-request", "", NONE,
    "Management API: {http.request.method} {url.path}[ by {user.name}]",
    "管理API：{http.request.method} {url.path}[（{user.name}）]")
SAY("log-disabled", "", DESTRUCTION,
    "Logging switched off[: {konseki.config.path}][ {konseki.config.change}][ by {user.name}]",
    "ログ送信・記録の停止[：{konseki.config.path}][ {konseki.config.change}][（操作者 {user.name}）]")
SAY("log-cleared", "", DESTRUCTION,
    "Logs deleted on the device[ by {user.name}]",
    "機器内ログの消去[（操作者 {user.name}）]")
SAY("restart", "", DESTRUCTION,
    "Device restarted or stopped[ by {user.name}]",
    "機器の再起動・停止[（操作者 {user.name}）]")
SAY("utm", "", ENTRY,
    "Security function: [{rule.name} ][{event.action}][, {source.ip}][ to {destination.ip}]",
    "防御機能の検知：[{rule.name} ][{event.action}][（{source.ip}][→{destination.ip}）]")
SAY("traffic-denied", "", DISCOVERY,
    "Connection refused: {source.ip} to {destination.ip}[, port {destination.port}]",
    "通信の拒否：{source.ip} → {destination.ip}[ ポート{destination.port}]")
SAY("traffic-start", "out", EXFILTRATION,
    "Outbound connection began: {source.ip} to {destination.ip}[, port {destination.port}]",
    "外部への通信開始：{source.ip} → {destination.ip}[ ポート{destination.port}]")
SAY("traffic-start", "", DISCOVERY,
    "Connection began: {source.ip} to {destination.ip}[, port {destination.port}]",
    "通信開始：{source.ip} → {destination.ip}[ ポート{destination.port}]")
SAY("traffic-permitted", "", NONE,
    "Connection allowed: {source.ip} to {destination.ip}[, port {destination.port}]",
    "通信の許可：{source.ip} → {destination.ip}[ ポート{destination.port}]")
SAY("traffic", "out-more", EXFILTRATION,
    "Outbound transfer going on: {source.ip} to {destination.ip}[, port {destination.port}][, {konseki.delta.sent} more][, {source.bytes} so far]",
    "外部への送信継続中：{source.ip} → {destination.ip}[ ポート{destination.port}][、今回 {konseki.delta.sent}][、累計 {source.bytes}]")
SAY("traffic", "out", EXFILTRATION,
    "Outbound connection ended: {source.ip} to {destination.ip}[, port {destination.port}][, {source.bytes} sent][, {destination.bytes} received]",
    "外部への通信終了：{source.ip} → {destination.ip}[ ポート{destination.port}][、送信 {source.bytes}][、受信 {destination.bytes}]")
SAY("traffic", "inside", DISCOVERY,
    "Connection inside: {source.ip} to {destination.ip}[, port {destination.port}][, {source.bytes} sent][, {event.action}]",
    "内部の通信：{source.ip} → {destination.ip}[ ポート{destination.port}][、送信 {source.bytes}][、{event.action}]")
SAY("traffic", "", NONE,
    "Connection: {source.ip} to {destination.ip}[, port {destination.port}][, {source.bytes} sent]",
    "通信：{source.ip} → {destination.ip}[ ポート{destination.port}][、送信 {source.bytes}]")
