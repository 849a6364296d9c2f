# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# A time-stamping authority of OpenSSL's, in $A; read after tests/lib.sh.  Its
# certificates are good for $cert_days, 30 unless said.
# shellcheck disable=SC2154 # T: tests/lib.sh

A=$T/tsa

# tsa_cert NAME EKU [DAYS-OPTION...]: NAME.pem, signed by the test CA, with
# NAME.key.
tsa_cert() {
	tsa_name=$1 tsa_eku=$2
	shift 2
	openssl req -new -newkey rsa:2048 -nodes -keyout "$A/$tsa_name.key" \
	    -out "$A/$tsa_name.csr" -subj "/O=Test/CN=$tsa_name" &&
	printf 'basicConstraints=CA:FALSE\nextendedKeyUsage=%s\n' "$tsa_eku" \
	    >"$A/$tsa_name.ext" &&
	openssl ca -batch -config "$A/ca.cnf" -in "$A/$tsa_name.csr" \
	    -out "$A/$tsa_name.pem" -notext -extfile "$A/$tsa_name.ext" "$@"
}

# tsa_make: a CA, and an authority named good whose policy is 1.2.3.4.1.
tsa_make() {
	mkdir -p "$A/new"
	: >"$A/index"
	echo 01 >"$A/serial"
	echo 01 >"$A/tsaserial"
	cat >"$A/ca.cnf" <<-END
	[ca]
	default_ca = ca1
	[ca1]
	database = $A/index
	new_certs_dir = $A/new
	serial = $A/serial
	certificate = $A/ca.pem
	private_key = $A/ca.key
	default_md = sha256
	default_days = ${cert_days:-30}
	policy = any
	unique_subject = no
	[any]
	organizationName = optional
	commonName = supplied
	[req]
	distinguished_name = dn
	[dn]
	END
	cat >"$A/tsa.cnf" <<-END
	[tsa]
	default_tsa = tsa1
	[tsa1]
	serial = $A/tsaserial
	crypto_device = builtin
	signer_digest = sha256
	default_policy = 1.2.3.4.1
	other_policies = 1.2.3.4.5
	digests = sha256, sha384
	accuracy = secs:1
	ess_cert_id_chain = no
	ess_cert_id_alg = sha256
	END
	sed s/sha256$/sha1/ "$A/tsa.cnf" | sed 's/^signer_digest.*/signer_digest = sha256/' \
	    >"$A/sha1.cnf"
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$A/ca.key" \
	    -out "$A/ca.pem" -days "${cert_days:-30}" -subj '/O=Test/CN=test CA' \
	    -addext basicConstraints=critical,CA:TRUE &&
	tsa_cert good critical,timeStamping
}

# tsa_reply QUERY OUT [NAME [CONFIG]]: answer as that authority.
tsa_reply() {
	openssl ts -reply -config "$A/${4:-tsa.cnf}" -queryfile "$1" -out "$2" \
	    -signer "$A/${3:-good}.pem" -inkey "$A/${3:-good}.key"
}

# tsa_forge RESPONSE OUT NAME [OPTION...]: the statement of a response, signed
# anew by somebody who is no authority.
tsa_forge() {
	tsa_from=$1 tsa_out=$2 tsa_name=$3
	shift 3
	openssl ts -reply -in "$tsa_from" -token_out -out "$A/token" &&
	openssl cms -verify -noverify -inform DER -in "$A/token" \
	    -out "$A/statement" &&
	openssl cms -sign -binary -nodetach -in "$A/statement" \
	    -econtent_type 1.2.840.113549.1.9.16.1.4 -outform DER \
	    -signer "$A/$tsa_name.pem" -inkey "$A/$tsa_name.key" -md sha256 \
	    -nosmimecap "$@" -out "$A/token" &&
	openssl ts -reply -in "$A/token" -token_in -out "$tsa_out"
}
