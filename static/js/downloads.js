// The file somebody has just asked for is fetched once it is written: data-begin is its address.

const begin = () => {
  for (const element of document.querySelectorAll("[data-begin]")) {
    const link = document.createElement("a");
    link.href = element.dataset.begin;
    link.download = "";
    link.click();
    delete element.dataset.begin; // other parts of the page are swapped too
  }
};

document.addEventListener("htmx:after:swap", begin);
begin();

// The page that is loaded anew, or gone back to, is not asked for the file again.
const address = new URL(location.href);
if (address.searchParams.has("asked")) {
  address.searchParams.delete("asked");
  history.replaceState(history.state, "", address);
}
