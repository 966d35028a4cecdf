// Downloads the requested export once it is written; data-begin is its address.

const SAME_REQUEST_MS = 4000; // two polls that overlap may both bring the answer
const begun = new Map();

const begin = () => {
  for (const element of document.querySelectorAll("[data-begin]")) {
    const address = element.dataset.begin;
    delete element.dataset.begin; // other parts of the page are swapped too
    if (Date.now() - (begun.get(address) ?? -Infinity) < SAME_REQUEST_MS) continue;
    begun.set(address, Date.now());
    const link = document.createElement("a");
    link.href = address; // its headers declare it a download
    link.click();
  }
};

document.addEventListener("htmx:after:swap", begin);
begin();

// A page that is reloaded, or returned to, does not download the file again.
const address = new URL(location.href);
if (address.searchParams.has("asked")) {
  address.searchParams.delete("asked");
  history.replaceState(history.state, "", address);
}
