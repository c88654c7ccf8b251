/** The chapters of FastAPI's tutorial, advanced guide, deployment and recipes, by the names that they have there. */
export const fastApiChapters: readonly string[] = `
Python Types Intro
Concurrency and async / await
Environment Variables
Virtual Environments
First Steps
Path Parameters
Query Parameters
Request Body
Query Parameters and String Validations
Path Parameters and Numeric Validations
Query Parameter Models
Body - Multiple Parameters
Body - Fields
Body - Nested Models
Declare Request Example Data
Extra Data Types
Cookie Parameters
Header Parameters
Cookie Parameter Models
Header Parameter Models
Response Model - Return Type
Extra Models
Response Status Code
Form Data
Form Models
Request Files
Request Forms and Files
Handling Errors
Path Operation Configuration
JSON Compatible Encoder
Body - Updates
Dependencies
Classes as Dependencies
Sub-dependencies
Dependencies in path operation decorators
Global Dependencies
Dependencies with yield
Security
Security - First Steps
Get Current User
Simple OAuth2 with Password and Bearer
OAuth2 with Password (and hashing), Bearer with JWT tokens
Middleware
CORS (Cross-Origin Resource Sharing)
SQL (Relational) Databases
Bigger Applications - Multiple Files
Stream JSON Lines
Server-Sent Events (SSE)
Background Tasks
Metadata and Docs URLs
Frontend
Static Files
Testing
Debugging
Stream Data
Path Operation Advanced Configuration
Additional Status Codes
Return a Response Directly
Custom Response - HTML, Stream, File, others
Additional Responses in OpenAPI
Response Cookies
Response Headers
Response - Change Status Code
Advanced Dependencies
Advanced Security
OAuth2 scopes
HTTP Basic Auth
Using the Request Directly
Using Dataclasses
Advanced Middleware
Sub Applications - Mounts
Behind a Proxy
Templates
WebSockets
Lifespan Events
Testing WebSockets
Testing Events: lifespan and startup - shutdown
Testing Dependencies with Overrides
Async Tests
Settings and Environment Variables
OpenAPI Callbacks
OpenAPI Webhooks
Including WSGI - Flask, Django, others
Generating SDKs
Advanced Python Types
JSON with Bytes as Base64
Strict Content-Type Checking
Request Body Limits
OpenTelemetry
FastAPI CLI
Editor Support
Develop with AI
About FastAPI versions
FastAPI Cloud
About HTTPS
Run a Server Manually
Deployments Concepts
Deploy FastAPI on Cloud Providers
Server Workers - Uvicorn with Workers
FastAPI in Containers - Docker
General - How To - Recipes
Migrate from Pydantic v1 to Pydantic v2
GraphQL
Custom Request and APIRoute class
Conditional OpenAPI
Extending OpenAPI
Separate OpenAPI Schemas for Input and Output or Not
Custom Docs UI Static Assets (Self-Hosting)
Configure Swagger UI
Testing a Database
Use Old 403 Authentication Error Status Codes
Security Tools
`
  .trim()
  .split('\n')

/** What this guide promises beside, by the names of its rows. */
export const ownChapters: readonly string[] = `
Checking callbacks
Sending callbacks
Calling now
Keeping a callback for later
Callbacks that read the response
Order and idempotency
Delays and attempts
Callbacks and transactions
Testing callbacks
Webhooks
From Svix
Operating deliveries
The guard
Signatures and recipients
What a receiver must do
Deliveries without an application
Headers of an attempt
Another store
Time limits
Deployment checklist
Sessions
PostgreSQL
SQL with a query builder
Bun, Deno and Cloudflare Workers
Inside another framework
Concurrency of dependencies
HTTPS redirect
`
  .trim()
  .split('\n')
