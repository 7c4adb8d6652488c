# shellcheck shell=bash
# What the VPN's server does at its first boot, and as `vpn cycle` every few minutes from then on: the cycle brings profiles
# and revocations in line with the people of the spec. Before it in the user data the template sets:
#   NAME, REGION, DOMAIN, STACK   the architecture, where it runs, AWS's domain there, and the stack that waits for the boot
#   BUCKET, PEOPLE, SECRETS       where the keys are kept, the parameter with those who have a profile, their secrets' prefix
#   ALLOCATION, ADDRESS           the Elastic IP
#   CLIENTS, REACHES              the range of the clients, and the ranges they may go to, with commas between
#   DAYS, RENEW                   how long a profile is valid, and how long before its end there is a new one
#   LOGS, METRICS                 the log group, and the namespace of the metrics
set -Eeuo pipefail

SELF=/usr/local/sbin/vpn
SERVER=/etc/openvpn/server
STATE=/var/lib/vpn
# In memory: the key of the authority never lies on a disk.
RUN=/run/vpn
PKI=$RUN/pki
TLS_CRYPT=$PKI/private/tls-crypt-v2.key
METADATA=http://169.254.169.254/latest

export EASYRSA=/usr/share/easy-rsa EASYRSA_PKI=$PKI EASYRSA_BATCH=1
export EASYRSA_ALGO=ec EASYRSA_CURVE=secp384r1 EASYRSA_DIGEST=sha384
export EASYRSA_CA_EXPIRE=3650 EASYRSA_CERT_EXPIRE=$DAYS EASYRSA_CRL_DAYS=30

say() {
  echo "vpn: $*" >&2
}

# --- AWS. curl signs, with the instance's role, whose keys are no argument that others could see.

metadata() {
  curl -sSf --max-time 5 --retry 5 -H "X-aws-ec2-metadata-token: $TOKEN" "$METADATA/meta-data/$1"
}

identify() {
  local role
  TOKEN=$(curl -sSf --max-time 5 --retry 5 -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 600" "$METADATA/api/token")
  INSTANCE=$(metadata instance-id)
  role=$(metadata iam/security-credentials/)
  CREDENTIALS=$(metadata "iam/security-credentials/$role" |
    jq -r '"user = \"\(.AccessKeyId):\(.SecretAccessKey)\"\nheader = \"x-amz-security-token: \(.Token)\""')
}

# signed SERVICE PATH [curl's options]
signed() {
  local service=$1 path=$2
  shift 2
  curl -sS --max-time 30 --retry 3 --config <(echo "$CREDENTIALS") --aws-sigv4 "aws:amz:$REGION:$service" \
    "$@" "${AWS_ENDPOINT_URL:-https://$service.$REGION.$DOMAIN}/$path"
}

# ask SERVICE [curl's options]: prints the answer, or says what was wrong.
ask() {
  local service=$1 answer
  shift
  answer=$(signed "$service" "" --fail-with-body "$@") || {
    say "$service: $answer"
    return 1
  }
  echo "$answer"
}

# json SERVICE OPERATION, with the request on standard input
json() {
  ask "$1" -H "Content-Type: application/x-amz-json-1.1" -H "X-Amz-Target: $2" --data-binary @-
}

# query SERVICE VERSION ACTION PARAMETER=VALUE ...
query() {
  local service=$1 call=(-d "Version=$2&Action=$3") parameter
  shift 3
  for parameter; do call+=(--data-urlencode "$parameter"); done
  ask "$service" "${call[@]}" > /dev/null
}

# object BODY [curl's options]: a call for the object that has the keys; prints its status and ETag
object() {
  local digest
  digest=$(sha256sum "$1" | cut -d " " -f 1)
  shift
  signed s3 "$BUCKET/pki.tar" -H "x-amz-content-sha256: $digest" -w "%{http_code} %header{etag}\n" "$@"
}

# --- The authority. Only what is in the bucket is valid: whatever is issued is stored before anybody gets it.

easyrsa() {
  "$EASYRSA/easyrsa" "$@" > "$RUN/easyrsa.log" 2>&1 || {
    cat "$RUN/easyrsa.log" >&2
    return 1
  }
}

# Brings the keys from the bucket; where it has none, makes them, which of two instances only one can store.
load() {
  local status
  rm -rf "$PKI"
  read -r status ETAG < <(object /dev/null -o "$RUN/pki.tar")
  case $status in
    200) tar -C "$RUN" -xf "$RUN/pki.tar" ;;
    404)
      say "there are no keys yet: making the authority"
      easyrsa init-pki
      EASYRSA_REQ_CN="$NAME VPN" easyrsa build-ca nopass
      openvpn --genkey tls-crypt-v2-server "$TLS_CRYPT"
      save "If-None-Match: *"
      ;;
    *)
      say "s3: $status: $(cat "$RUN/pki.tar")"
      return 1
      ;;
  esac
}

# save CONDITION: a header without which another instance's keys could be overwritten
save() {
  local status
  tar -C "$RUN" -cf "$RUN/pki.tar" pki
  read -r status ETAG < <(object "$RUN/pki.tar" -X PUT --data-binary "@$RUN/pki.tar" -o "$RUN/answer" \
    -H "Content-Type: application/x-tar" -H "$1")
  [ "$status" = 200 ] || {
    say "s3: $status: $(cat "$RUN/answer")"
    return 1
  }
}

# valid COMMON-NAME [DAYS]: the serial numbers of certificates that are not revoked, and not expired by then
valid() {
  awk -F '\t' -v subject="/CN=$1" -v then="$(date -u -d "+${2:-0} days" +%y%m%d%H%M%SZ)" \
    '$1 == "V" && $6 == subject && $2 > then { print $4 }' "$PKI/index.txt"
}

# issue KIND COMMON-NAME: a certificate beside those that are there; its key stays out of what is stored if it is a client's
issue() {
  rm -f "$PKI/issued/$2.crt" "$PKI/reqs/$2.req" "$PKI/private/$2.key" "$PKI/inline/$2.inline"
  easyrsa "build-$1-full" "$2" nopass
  [ "$1" = server ] || mv "$PKI/private/$2.key" "$RUN/$2.key"
  say "issued a certificate for $2"
}

# revoke COMMON-NAME: all of its certificates; whoever is connected by one is cut off when the server knows the list
revoke() {
  local serial
  for serial in $(valid "$1"); do
    cp "$PKI/certs_by_serial/$serial.pem" "$PKI/issued/$1.crt"
    easyrsa revoke "$1"
    say "revoked certificate $serial of $1"
  done
  REVOKED+=("$1")
}

# --- Profiles. A secret's version is named by the serial number of the certificate in it.

version_of() {
  printf %64s "$1" | tr " " 0
}

# delivered PERSON: the version that the secret has now
delivered() {
  jq -n --arg id "$SECRETS/$1" '{SecretId: $id}' | json secretsmanager secretsmanager.DescribeSecret |
    jq -r '(.VersionIdsToStages // {}) | to_entries[] | select(.value | index("AWSCURRENT")) | .key'
}

# settle PERSON: sees that there is a profile to deliver where the one that was delivered does not do, or not for long
settle() {
  local name=$1@$NAME version serial
  # If it can't be told, nothing is done to anybody; why, has been said.
  version=$(delivered "$1") || return 0
  for serial in $(valid "$name" "$RENEW"); do
    [ "$version" != "$(version_of "$serial")" ] || return 0
  done
  # Unless it is only about to expire, somebody else may have it.
  for serial in $(valid "$name"); do
    [ "$version" != "$(version_of "$serial")" ] || version=expiring
  done
  [ "$version" = expiring ] || revoke "$name"
  issue client "$name"
  ISSUED+=("$1")
}

profile() {
  cat <<PROFILE
client
dev tun
proto udp
remote $ADDRESS 1194
nobind
persist-key
persist-tun
remote-cert-tls server
verify-x509-name server name
tls-version-min 1.2
data-ciphers AES-256-GCM:CHACHA20-POLY1305
verb 3
<ca>
$(cat "$PKI/ca.crt")
</ca>
<cert>
$(openssl x509 -in "$PKI/issued/$1.crt")
</cert>
<key>
$(cat "$RUN/$1.key")
</key>
<tls-crypt-v2>
$(cat "$RUN/client.key")
</tls-crypt-v2>
PROFILE
}

deliver() {
  local name=$1@$NAME version
  version=$(version_of "$(openssl x509 -in "$PKI/issued/$name.crt" -noout -serial | cut -d = -f 2)")
  openvpn --tls-crypt-v2 "$TLS_CRYPT" --genkey tls-crypt-v2-client "$RUN/client.key"
  profile "$name" |
    jq -Rs --arg id "$SECRETS/$1" --arg version "$version" '{SecretId: $id, ClientRequestToken: $version, SecretString: .}' |
    json secretsmanager secretsmanager.PutSecretValue > /dev/null
  rm "$RUN/client.key" "$RUN/$name.key"
  say "delivered the profile of $1"
}

# --- The server

# mask PREFIX-LENGTH, as OpenVPN wants it
mask() {
  local bits=$((0xffffffff << (32 - $1)))
  echo "$((bits >> 24 & 255)).$((bits >> 16 & 255)).$((bits >> 8 & 255)).$((bits & 255))"
}

configuration() {
  local range
  cat <<CONF
dev tun0
proto udp4
port 1194
topology subnet
server ${CLIENTS%/*} $(mask "${CLIENTS#*/}")
ca ca.crt
cert server.crt
key server.key
dh none
crl-verify crl.pem
tls-crypt-v2 tls-crypt-v2.key
tls-version-min 1.2
data-ciphers AES-256-GCM:CHACHA20-POLY1305
verify-client-cert require
remote-cert-tls client
allow-compression no
user nobody
group nogroup
persist-key
persist-tun
keepalive 10 60
explicit-exit-notify 1
management 127.0.0.1 7505 management.txt
verb 3
CONF
  for range in ${REACHES//,/ }; do
    echo "push \"route ${range%/*} $(mask "${range#*/}")\""
  done
}

# keep FILE MODE: standard input as a file of the server's, which is restarted for it if it is not so already
keep() {
  cat > "$RUN/kept"
  cmp -s "$RUN/kept" "$SERVER/$1" || RESTART=yes
  install -m "$2" "$RUN/kept" "$SERVER/$1.new"
  mv "$SERVER/$1.new" "$SERVER/$1"
}

# manage COMMAND: what the running server answers
manage() {
  local line
  {
    printf '%s\n' "$(cat "$SERVER/management.txt")" "$1" >&3
    while read -r -t 10 line <&3; do
      echo "$line"
      [[ $line != END* && $line != "SUCCESS: common name"* && $line != ERROR:* ]] || return 0
    done
    return 1
  } 3<> /dev/tcp/127.0.0.1/7505
}

serve() {
  local name RESTART=""
  easyrsa gen-crl
  keep crl.pem 644 < "$PKI/crl.pem"
  RESTART=""
  keep ca.crt 644 < "$PKI/ca.crt"
  keep server.crt 644 < "$PKI/issued/server.crt"
  keep server.key 600 < "$PKI/private/server.key"
  keep tls-crypt-v2.key 600 < "$TLS_CRYPT"
  keep vpn.conf 644 < <(configuration)
  if [ -n "$RESTART" ]; then
    systemctl restart openvpn-server@vpn
  else
    for name in "${REVOKED[@]}"; do
      manage "kill $name" > /dev/null || true
    done
  fi
}

# --- What CloudWatch is told. What can't be told now is told the next time.

# Says what is new in the journal: a call takes a megabyte, in which a line counts 26 bytes more than it has.
report() {
  cp "$STATE/cursor" "$RUN/cursor" 2> /dev/null || true
  journalctl --quiet --output json --cursor-file "$RUN/cursor" -u vpn -u openvpn-server@vpn -u cloud-final |
    tail -n 4000 > "$RUN/journal"
  [ ! -s "$RUN/journal" ] || jq -s --arg group "$LOGS" --arg stream "$INSTANCE" '{logGroupName: $group, logStreamName: $stream,
    logEvents: map({timestamp: (.__REALTIME_TIMESTAMP | tonumber / 1000 | floor), message: (.MESSAGE | tostring[:230])}) |
      sort_by(.timestamp)}' "$RUN/journal" | json logs Logs_20140328.PutLogEvents > /dev/null
  cp "$RUN/cursor" "$STATE/cursor"
}

measure() {
  local clients refused
  clients=$(manage "status 2" | awk -F , '$1 == "CLIENT_LIST" { n++ } END { print n + 0 }')
  refused=$(grep -cE "TLS handshake failed|can not extract tls-crypt-v2 client key" "$RUN/journal" || true)
  query monitoring 2010-08-01 PutMetricData "Namespace=$METRICS" \
    MetricData.member.1.MetricName=Clients MetricData.member.1.Unit=Count "MetricData.member.1.Value=$clients" \
    MetricData.member.2.MetricName=Refused MetricData.member.2.Unit=Count "MetricData.member.2.Value=$refused"
}

# The auto-scaling group puts another instance in the place of one that does not serve.
give_up() {
  say "this instance does not serve"
  query autoscaling 2011-01-01 SetInstanceHealth "InstanceId=$INSTANCE" HealthStatus=Unhealthy
}

cycle() {
  local people person name
  ISSUED=() REVOKED=()
  umask 077
  mkdir -p "$RUN" "$STATE"
  cd "$RUN"
  identify
  load
  # `-` stands for nobody, since a parameter can't be empty.
  people=$(jq -n --arg name "$PEOPLE" '{Name: $name}' | json ssm AmazonSSM.GetParameter | jq -r .Parameter.Value)
  people=${people#-}
  while read -r name; do
    [[ ,$people, == *,${name%@*},* ]] || revoke "$name"
  done < <(awk -F '\t' -v at="@$NAME" '$1 == "V" && index($6, at) { print substr($6, 5) }' "$PKI/index.txt" | sort -u)
  for person in ${people//,/ }; do
    settle "$person"
  done
  [ -n "$(valid server "$RENEW")" ] || {
    issue server server
    ISSUED+=("")
  }
  serve
  manage version > /dev/null || give_up
  if [ ${#ISSUED[@]} -gt 0 ] || [ ${#REVOKED[@]} -gt 0 ]; then save "If-Match: $ETAG"; fi
  for person in "${ISSUED[@]}"; do
    [ -z "$person" ] || deliver "$person"
  done
  report
  measure
}

# --- The first boot

harden() {
  cat > /etc/sysctl.d/60-vpn.conf <<CONF
net.ipv4.ip_forward = 1
net.ipv4.conf.all.rp_filter = 1
net.ipv4.conf.all.accept_redirects = 0
net.ipv4.conf.all.send_redirects = 0
net.ipv4.conf.all.accept_source_route = 0
net.ipv4.conf.all.log_martians = 1
net.ipv6.conf.all.disable_ipv6 = 1
kernel.dmesg_restrict = 1
kernel.kptr_restrict = 2
kernel.unprivileged_bpf_disabled = 1
kernel.yama.ptrace_scope = 2
CONF
  sysctl --quiet --load=/etc/sysctl.d/60-vpn.conf
  cat > /etc/audit/rules.d/60-vpn.rules <<CONF
-w $SELF -p wa -k vpn
-w /etc/openvpn -p wa -k vpn
-w /etc/nftables.conf -p wa -k vpn
-a always,exit -F arch=b64 -S execve -F euid=0 -F auid>=1000 -F auid!=unset -k root
CONF
}

# Clients get to the ranges named, under the instance's own address, and nowhere else: not to it, nor its metadata.
fence() {
  cat > /etc/nftables.conf <<CONF
flush ruleset
table inet vpn {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    iif lo accept
    iifname != tun0 udp dport 1194 accept
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    iifname tun0 ip saddr $CLIENTS ip daddr { $REACHES } accept
  }
  chain postrouting {
    type nat hook postrouting priority srcnat;
    ip saddr $CLIENTS masquerade
  }
}
CONF
}

schedule() {
  cat > /etc/systemd/system/vpn.service <<CONF
[Unit]
Description=Brings the VPN in line with the people who have a profile
After=network-online.target
[Service]
Type=oneshot
ExecStart=$SELF cycle
TimeoutStartSec=5min
CONF
  cat > /etc/systemd/system/vpn.timer <<CONF
[Unit]
Description=Every three minutes
[Timer]
OnCalendar=*:0/3
[Install]
WantedBy=timers.target
CONF
  systemctl daemon-reload
}

signal() {
  # Refused where no deployment waits for it.
  query cloudformation 2010-05-15 SignalResource "StackName=$STACK" LogicalResourceId=AutoScalingGroup \
    "UniqueId=$INSTANCE" "Status=$1" || true
}

fail() {
  signal FAILURE
  give_up
  report
}

boot() {
  export DEBIAN_FRONTEND=noninteractive
  install -m 700 "$0" "$SELF"
  until apt-get -q -o DPkg::Lock::Timeout=300 update && apt-get -q -y -o DPkg::Lock::Timeout=300 install \
    openvpn easy-rsa nftables jq curl auditd unattended-upgrades openssh-server-; do
    sleep 10
  done
  identify
  trap fail ERR
  harden
  fence
  schedule
  install -d -m 700 "$STATE"
  (umask 077 && openssl rand -hex 32 > "$SERVER/management.txt")
  jq -n --arg group "$LOGS" --arg stream "$INSTANCE" '{logGroupName: $group, logStreamName: $stream}' |
    json logs Logs_20140328.CreateLogStream > /dev/null || true
  systemctl restart auditd
  systemctl enable --now nftables
  systemctl enable openvpn-server@vpn
  # Another instance may be at it: then the next try finds what that has stored.
  systemctl start vpn || systemctl start vpn || systemctl start vpn
  query ec2 2016-11-15 AssociateAddress "AllocationId=$ALLOCATION" "InstanceId=$INSTANCE" AllowReassociation=true
  systemctl enable --now vpn.timer
  signal SUCCESS
}

if [ "${1:-}" = cycle ]; then cycle; else boot; fi
