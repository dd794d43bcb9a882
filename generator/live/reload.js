// Loads the page again once the preview shows another version than the one in this script's address.
// A tab in the background doesn't listen, since a browser keeps only six connections to one server open.
(() => {
  const own = new URL(document.currentScript.src);
  const shown = own.search.slice(1);
  let events;
  const listen = () => {
    events?.close();
    if (document.hidden) return;
    events = new EventSource(new URL("events", own));
    events.onmessage = ({ data }) => {
      if (data !== shown) location.reload();
    };
    events.onerror = ({ target }) => {
      if (target.readyState === EventSource.CLOSED) setTimeout(listen, 1000); // the preview is away
    };
  };
  document.addEventListener("visibilitychange", listen);
  listen();
})();
