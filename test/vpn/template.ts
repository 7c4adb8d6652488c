/** What the VPN's template comes to once its resources are there. */
import type { Json, JsonObject } from "../../compiler/schema.ts";
import { compileText } from "../support/compile.ts";
import { receivedBy } from "../support/everything.ts";
import { goldenSpec } from "../support/golden-spec.ts";

/** The account and Region of the VPN in this spec. */
export const PLACE = { account: "222222222222", region: "eu-west-1" } as const;
const SPEC = "test/golden/vpn/profiles.yaml";

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties: JsonObject }>>;

export class VpnTemplate {
  private readonly resources: Resources;
  private readonly peopleResources: Resources;
  private readonly values: Map<string, string>;

  /**
   * @param name the architecture's
   * @param address what only AWS knows
   */
  constructor(name: string, address: { readonly allocation: string; readonly ip: string }) {
    const all = receivedBy(compileText(goldenSpec(SPEC, name)).assembly);
    const resourcesOf = (stack: string) =>
      all.find((each) => each.name === stack)?.template.Resources as unknown as Resources;
    this.resources = resourcesOf("vpn");
    this.peopleResources = resourcesOf("people");
    this.values = new Map([
      ["AWS::AccountId", PLACE.account],
      ["AWS::Partition", "aws"],
      ["AWS::Region", PLACE.region],
      ["AWS::StackName", "vpn"],
      ["AWS::URLSuffix", "amazonaws.com"],
      ["Address.AllocationId", address.allocation],
      ["Address.PublicIp", address.ip],
    ]);
    for (const [id, property] of [
      ["StoreBucket", "BucketName"],
      ["LogGroup", "LogGroupName"],
      ["PeopleParameter", "Name"],
    ] as const)
      this.values.set(id, this.text(this.resources[id]?.Properties[property]));
  }

  /** What `Ref` gives. */
  ref(id: "StoreBucket" | "LogGroup" | "PeopleParameter"): string {
    return this.values.get(id) ?? "";
  }

  /** The names of the secrets. */
  get secrets(): readonly string[] {
    return Object.values(this.resources)
      .filter(({ Type }) => Type === "AWS::SecretsManager::Secret")
      .map(({ Properties }) => this.text(Properties.Name));
  }

  /** Who has a profile, as the parameter says. */
  get people(): string {
    return this.text(this.resources.PeopleParameter?.Properties.Value);
  }

  /** The script that an instance boots with. */
  get userData(): string {
    const { UserData } = (this.resources.ServerLaunchTemplate?.Properties.LaunchTemplateData ??
      {}) as JsonObject;
    return this.text(UserData);
  }

  /** The policy of a user's secret. */
  policyOf(user: "ada" | "grace"): Json {
    const id = user === "ada" ? "AdaProfilePolicy" : "GraceProfilePolicy";
    return this.evaluated(this.resources[id]?.Properties.ResourcePolicy ?? null);
  }

  /** What members of the group with profiles may do by its own policies. */
  get groupPolicies(): readonly { readonly name: string; readonly policy: Json }[] {
    const policies = this.peopleResources.DevelopersGroup?.Properties.Policies as JsonObject[];
    return policies.map(({ PolicyName, PolicyDocument = null }) => ({
      name: String(PolicyName),
      policy: this.evaluated(PolicyDocument),
    }));
  }

  /** A value with what it refers to, as CloudFormation evaluates it. */
  evaluated(value: Json): Json {
    if (Array.isArray(value)) return value.map((item) => this.evaluated(item));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value);
    const [[name = ""] = []] = entries;
    if (entries.length === 1 && (name === "Ref" || name.startsWith("Fn::"))) return this.text(value);
    return Object.fromEntries(entries.map(([key, inner]) => [key, this.evaluated(inner)]));
  }

  /** Text with what it refers to, as CloudFormation evaluates it. */
  private text(value: Json | undefined): string {
    if (typeof value !== "object" || value === null) return String(value);
    const [[call, argument] = []] = Object.entries(value);
    switch (call) {
      case "Fn::Base64":
        return this.text(argument);
      case "Fn::Join": {
        const [separator, parts] = argument as [string, Json[]];
        return parts.map((part) => this.text(part)).join(separator);
      }
      case "Fn::Sub":
        return (argument as string).replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, path: string) =>
          literal ? `\${${path}}` : this.value(path),
        );
      case "Fn::GetAtt":
        return this.value((argument as string[]).join("."));
      case "Ref":
        return this.value(argument as string);
      default:
        throw new Error(`this is not evaluated here: ${JSON.stringify(value)}`);
    }
  }

  private value(path: string): string {
    const value = this.values.get(path);
    if (value === undefined) throw new Error(`${path} is not known here`);
    return value;
  }
}
