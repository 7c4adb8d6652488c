/** Specs as large as an organization, as the compiler would print them: the deployer's input, without a compiler's work. */

/** Twelve stack sets in four waves, in each of so many accounts; `changed` names those whose template is another. */
export function filesFor(accounts: number, changed: readonly number[] = []): Map<string, string> {
  const ids = Array.from({ length: accounts }, (_, index) => String(100_000_000_000 + index));
  const names = Array.from({ length: 12 }, (_, index) => `set-${index}`);
  const targets = ids.map((id, index) => ({
    environment: `e${index}`,
    account: `a${index}`,
    id,
    region: REGION,
  }));
  const document = {
    name: "bench",
    home: REGION,
    administration: {
      account: "a0",
      id: ids[0],
      inspectionRole: "bench-stack-set-inspection",
      artifacts: { [REGION]: "bench-artifacts" },
    },
    accounts: Object.fromEntries(ids.map((id, index) => [`a${index}`, { id, status: "active" }])),
    bootstrap: {},
    waves: [0, 3, 6, 9].map((first) => names.slice(first, first + 3)),
    stackSets: Object.fromEntries(
      names.map((name, index) => [
        name,
        {
          StackSetName: `bench-${name}`,
          Description: name,
          template: `${name}.yaml`,
          dependsOn: index < 3 ? [] : [`set-${index - 3}`],
          Capabilities: [],
          Tags: [
            { Key: "landform:spec", Value: "bench" },
            { Key: "landform:stack-set", Value: name },
          ],
          AdministrationRoleARN: `arn:aws:iam::${ids[0]}:role/bench-stack-set-administration`,
          ExecutionRoleName: "bench-stack-set-execution",
          OperationPreferences: {
            RegionConcurrencyType: "SEQUENTIAL",
            FailureToleranceCount: 0,
            MaxConcurrentCount: 1,
            ConcurrencyMode: "STRICT_FAILURE_TOLERANCE",
          },
          targets,
        },
      ]),
    ),
  };
  const files = new Map([
    ["stacksets.yaml", JSON.stringify(document)],
    ["provenance.yaml", "{}"],
  ]);
  names.forEach((name, index) => {
    const version = changed.includes(index) ? "second" : "first";
    files.set(`${name}.yaml`, template(name, version, ids));
  });
  return files;
}

const REGION = "eu-west-1";

/** A row for each account, as a merged template has. */
function template(name: string, version: string, ids: readonly string[]): string {
  const rows = ids.map((id) => `    '${id}': {CidrBlock: 10.0.0.0/16, NameTag: ${name}-${id}}`).join("\n");
  return `Mappings:\n  Placement:\n${rows}\nResources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties: {DisplayName: ${version}}\n`;
}
