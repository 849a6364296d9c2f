/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* TSA_ERR(identifier, English, Japanese) */
TSA_ERR(OK, "fine", "正常")
TSA_ERR(BAD_RESPONSE, "it is no time-stamp response",
    "タイムスタンプ応答の形式ではありません")
TSA_ERR(REJECTED, "the authority rejected the request",
    "タイムスタンプ局が要求を拒否しました")
TSA_ERR(WRONG_IMPRINT, "the token is for other bytes",
    "別のデータに対するトークンです")
TSA_ERR(WRONG_NONCE, "the token answers another request",
    "別の要求に対するトークンです")
TSA_ERR(WRONG_POLICY, "the token was issued under another policy",
    "異なるポリシーで発行されたトークンです")
TSA_ERR(BAD_TIME, "the token's time is not one",
    "トークンの時刻が正しくありません")
TSA_ERR(NO_ESS, "the token does not name its signer's certificate "
    "(ESSCertIDv2 with SHA-2)",
    "トークンに署名者の証明書の識別情報（SHA-2のESSCertIDv2）がありません")
TSA_ERR(BAD_CA, "the certificates to trust cannot be read",
    "信頼する証明書を読み取れません")
TSA_ERR(UNTRUSTED, "the signer was not trusted for time-stamping at the "
    "token's time",
    "トークンの時刻において、署名者はタイムスタンプ用に信頼されていません")
TSA_ERR(BAD_SIGNATURE, "the signature does not verify",
    "署名を検証できません")
