"""Commands of the service: to serve, who may use it, and to work at one."""
