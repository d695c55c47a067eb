// Shows the document of this service, and no other. System fonts: nothing is asked of another host.
Redoc.init("../swagger/v1/swagger.json",
  { theme: { typography: { fontFamily: "system-ui, sans-serif", headings: { fontFamily: "system-ui, sans-serif" } } } },
  document.getElementById("redoc"));
