// The page that says how this very page was delivered. It is loaded when somebody asks for it.
const rows = {
  Protocol: () => performance.getEntriesByType("navigation")[0].nextHopProtocol,
  "Secure context": () => (isSecureContext ? "yes" : "no"),
  Loaded: () => new Intl.DateTimeFormat("en", { dateStyle: "long", timeStyle: "medium" }).format(),
};

export function render(view) {
  const list = document.createElement("dl");
  for (const [name, read] of Object.entries(rows)) {
    const term = document.createElement("dt");
    const description = document.createElement("dd");
    term.textContent = name;
    description.textContent = read();
    list.append(term, description);
  }
  view.replaceChildren(Object.assign(document.createElement("h1"), { textContent: "Delivery" }), list);
}
