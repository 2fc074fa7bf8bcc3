// Keys stay in this page: nothing is stored, and nothing is asked of another host.
SwaggerUIBundle({
  url: "docs/openapi.yaml",
  dom_id: "#pages",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
