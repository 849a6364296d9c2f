/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * TLS_CAUSE(identifier, cause= of a g1 kind=tls-handshake, English, Japanese):
 * why a connection to a TLS listener was refused.
 */
TLS_CAUSE(OTHER, "other", "TLS could not be agreed upon",
    "TLSを確立できなかった")
TLS_CAUSE(CLOSED, "closed", "the sender closed the connection before TLS stood",
    "TLSの確立前に送信元が接続を閉じた")
TLS_CAUSE(TIMEOUT, "timeout", "TLS was not agreed upon in time",
    "時間内にTLSを確立できなかった")
TLS_CAUSE(STOPPED, "stopped", "the collector stopped", "収集を停止した")
TLS_CAUSE(REMOVED, "listener-removed",
    "the configuration no longer has this listener",
    "設定から受信口がなくなった")
TLS_CAUSE(PLAIN_TEXT, "plain-text",
    "the sender speaks no TLS: set it to TLS, or to another port",
    "送信元がTLSを使っていない（送信元をTLSにするか、別のポートにしてください"
    "）")
TLS_CAUSE(VERSION, "version",
    "the sender offers only TLS versions that are not allowed here "
    "(tls_profile)",
    "送信元のTLSの版をこの受信口は許可していない（tls_profile）")
TLS_CAUSE(CIPHER, "cipher",
    "the sender offers only ciphers or keys that are not allowed here "
    "(tls_profile)",
    "送信元の暗号方式をこの受信口は許可していない（tls_profile）")
TLS_CAUSE(DISTRUSTED, "distrusted",
    "the sender refuses our certificate: give it the CA that issued it",
    "送信元がこちらの証明書を拒否した（発行した認証局の証明書を送信元に登録して"
    "ください）")
TLS_CAUSE(NO_CERTIFICATE, "no-certificate", "the sender shows no certificate",
    "送信元が証明書を提示しなかった")
TLS_CAUSE(UNKNOWN_CA, "unknown-ca",
    "the sender's certificate does not lead to client_ca",
    "送信元の証明書がclient_caの認証局のものではない")
TLS_CAUSE(EXPIRED, "expired",
    "the sender's certificate, or that of its authority, has expired",
    "送信元またはその認証局の証明書の期限が切れている")
TLS_CAUSE(NOT_YET, "not-yet-valid",
    "the sender's certificate, or that of its authority, is not valid yet",
    "送信元またはその認証局の証明書の有効期間が始まっていない")
TLS_CAUSE(REVOKED, "revoked", "the sender's certificate has been revoked",
    "送信元の証明書は失効している")
TLS_CAUSE(CRL_MISSING, "crl-missing",
    "the file of 'crl' has no revocation list of the authority that issued the "
    "certificate",
    "「crl」のファイルに、証明書を発行した認証局の失効リストがない")
TLS_CAUSE(CRL_EXPIRED, "crl-expired",
    "the revocation list is past its next update (or not in force yet): get a "
    "new one",
    "失効リストの期限が切れている（新しいものに更新してください）")
TLS_CAUSE(FINGERPRINT, "fingerprint",
    "the sender's certificate is not among client_fingerprints",
    "送信元の証明書がclient_fingerprintsにない")
TLS_CAUSE(NAME, "name",
    "the sender's certificate has none of client_names as its subjectAltName",
    "送信元の証明書のsubjectAltNameがclient_namesにない")
TLS_CAUSE(PURPOSE, "purpose",
    "the sender's certificate is not for clients (extended key usage "
    "clientAuth)",
    "送信元の証明書はクライアント用ではない（拡張鍵用途clientAuthが必要）")
TLS_CAUSE(WEAK, "weak",
    "the sender's certificate has a key or signature that is too weak "
    "(tls_profile)",
    "送信元の証明書の鍵または署名が弱い（tls_profile）")
TLS_CAUSE(BAD_CERTIFICATE, "bad-certificate",
    "the sender's certificate cannot be verified",
    "送信元の証明書を検証できない")
