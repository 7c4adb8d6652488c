/** Profiles as nobody should have them. */
import type { Machine } from "./machine.ts";

/** A certificate and its key. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
}

/** A certificate that ended yesterday, of the authority that is in the archive. */
export async function expired(machine: Machine, archive: Buffer, commonName: string): Promise<Certified> {
  await machine.run(
    "mkdir -p /run/authority && base64 -d | tar -x -C /run/authority",
    archive.toString("base64"),
  );
  const date = (days: string) => `$(date -u -d '${days}' +%Y%m%d%H%M%SZ)`;
  return read(
    machine,
    `
    cd /run/authority && touch index
    cat > config <<'CONF'
    [ca]
    default_ca = authority
    [authority]
    database = index
    new_certs_dir = .
    default_md = sha256
    policy = policy
    x509_extensions = extensions
    rand_serial = yes
    [policy]
    commonName = supplied
    [extensions]
    keyUsage = digitalSignature
    extendedKeyUsage = clientAuth
CONF
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:secp384r1 -nodes -subj "/CN=${commonName}" -keyout key -out request
    openssl ca -batch -config config -cert pki/ca.crt -keyfile pki/private/ca.key -in request -notext -out cert \
      -startdate ${date("-2 days")} -enddate ${date("-1 day")}`,
  );
}

/** A certificate of somebody else's authority. */
export async function stranger(machine: Machine, commonName: string): Promise<Certified> {
  return read(
    machine,
    `
    mkdir -p /run/stranger && cd /run/stranger
    export EASYRSA_PKI=$PWD/pki EASYRSA_BATCH=1 EASYRSA_ALGO=ec
    easyrsa=/usr/share/easy-rsa/easyrsa
    $easyrsa init-pki && $easyrsa build-ca nopass && $easyrsa build-client-full ${commonName} nopass
    openssl x509 -in pki/issued/${commonName}.crt -out cert
    cp pki/private/${commonName}.key key`,
  );
}

/** A key for tls-crypt of somebody else's server. */
export function strangeTlsCrypt(machine: Machine): Promise<string> {
  return machine.run(`
    cd /run
    openvpn --genkey tls-crypt-v2-server server.key
    openvpn --tls-crypt-v2 server.key --genkey tls-crypt-v2-client client.key
    cat client.key`);
}

/** The profile with other text in one of its elements. */
export function replace(profile: string, element: string, text: string): string {
  const replaced = profile.replace(
    new RegExp(`<${element}>.*</${element}>`, "s"),
    `<${element}>\n${text.trim()}\n</${element}>`,
  );
  if (replaced === profile) throw new Error(`the profile has no ${element}`);
  return replaced;
}

export const certified = (profile: string, { cert, key }: Certified): string =>
  replace(replace(profile, "cert", cert), "key", key);

async function read(machine: Machine, commands: string): Promise<Certified> {
  const folder = await machine.run(
    `{ ${commands}\n} > /run/openssl.log 2>&1 || { cat /run/openssl.log >&2; exit 1; }; pwd`,
  );
  const file = (name: string) => machine.run(`cat ${folder.trim()}/${name}`);
  return { cert: await file("cert"), key: await file("key") };
}
