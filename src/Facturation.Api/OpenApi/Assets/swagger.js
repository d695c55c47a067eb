// Shows the document of this service, and no other.
SwaggerUIBundle({ url: "v1/swagger.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });
