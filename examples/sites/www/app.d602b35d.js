// A small application: it shows the page of the path, and goes on to another without asking for a document.
const pages = {
  "/": async (view) => {
    const text = document.createElement("p");
    text.textContent = "A static site, delivered from a bucket that nobody but CloudFront reads.";
    view.replaceChildren(heading("Acme"), text);
  },
  "/delivery": async (view) => (await import("/delivery.9cff22a3.js")).render(view),
};

const heading = (textContent) => Object.assign(document.createElement("h1"), { textContent });

async function show() {
  const view = document.querySelector("main");
  const page = pages[location.pathname];
  for (const link of document.querySelectorAll("nav a")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (page) await page(view);
  else view.replaceChildren(heading("There is no such page"));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const isOurs = link?.origin === location.origin && event.button === 0 && !event.metaKey && !event.ctrlKey;
  if (!isOurs) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  show();
});

addEventListener("popstate", show);
show();
