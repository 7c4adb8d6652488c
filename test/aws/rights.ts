/** The rights that a call needs, by the pages of the services: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
import type { Asked } from "./iam.ts";
import { type Params, structures, texts } from "./protocol.ts";

/** A call, as far as it tells what rights it needs. */
export interface Wanted {
  readonly service: string;
  readonly region: string;
  readonly action: string;
  readonly account: string;
  readonly params: Params;
}

export function rightsFor(wanted: Wanted): Asked[] {
  const { service, action, params } = wanted;
  if (service === "cloudformation") return ofStackSets(wanted);
  if (service === "s3") return ofObject(wanted, params.path ?? "");
  if (service === "sts" && action === "AssumeRole")
    return [{ action: "sts:AssumeRole", resource: params.RoleArn ?? "" }];
  if (service === "sts") return [];
  return [{ action: `${service}:${action}`, resource: "*" }];
}

function ofStackSets(wanted: Wanted): Asked[] {
  const { action, account, region, params } = wanted;
  const arn = (sort: string, below: string) =>
    `arn:aws:cloudformation:${region}:${account}:${sort}/${params.StackSetName}:0${below}`;
  const may = (action: string, resource: string, context = {}) => ({
    action: `cloudformation:${action}`,
    resource,
    context,
  });
  if (action === "ListStackSets") return [may(action, "*")];
  const tags = structures(params, "Tags");
  const asked = Object.fromEntries(tags.map(({ Key, Value = "" }) => [`aws:RequestTag/${Key}`, Value]));
  return [
    action === "CreateStackSet" ? may(action, "*", asked) : may(action, arn("stackset", "")),
    ...(tags.length > 0 ? [may("TagResource", arn("stackset", ""))] : []),
    ...texts(params, "Accounts").map((target) => may(action, arn("stackset-target", `/${target}`))),
    ...(/^(Create|Update)StackInstances$|^UpdateStackSet$/.test(action)
      ? [may(action, `arn:aws:cloudformation:${region}::type/resource/AWS-IAM-Role`)]
      : []),
    ...passing(params),
    ...(params.TemplateURL
      ? ofObject({ ...wanted, action: "GetObject" }, templateAt(params.TemplateURL))
      : []),
  ];
}

function passing({ AdministrationRoleARN: resource }: Params): Asked[] {
  if (!resource) return [];
  const context = { "iam:PassedToService": "cloudformation.amazonaws.com" };
  return [{ action: "iam:PassRole", resource, context }];
}

/** Bucket and key of a template. */
const templateAt = (address: string): string => new URL(address).pathname;

/** What is not there is told only to whom may list. Everything is encrypted with the bucket's key. */
function ofObject({ action, account, region }: Wanted, path: string): Asked[] {
  const [, bucket = "", key = ""] = /^\/([^/]+)\/?(.*)$/.exec(decodeURIComponent(path)) ?? [];
  const arn = `arn:aws:s3:::${bucket}`;
  const byKey = (of: string) => ({
    action: `kms:${of}`,
    resource: `arn:aws:kms:${region}:${account}:key/0`,
    context: { "kms:ViaService": `s3.${region}.amazonaws.com`, "kms:EncryptionContext:aws:s3:arn": arn },
  });
  const may = (of: string, resource = `${arn}/${key}`) => ({ action: `s3:${of}`, resource });
  if (action === "PutObject") return [may("PutObject"), byKey("GenerateDataKey")];
  if (action === "HeadObject") return [may("GetObject"), may("ListBucket", arn)];
  if (action === "GetObject") return [may("GetObject"), byKey("Decrypt")];
  return [may(action, key === "" ? arn : undefined)];
}
