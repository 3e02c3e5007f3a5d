<?php
/** WordPress reads nothing from its own machine, from such a port or with such a certificate; here the provider is there. */
add_filter('http_request_host_is_external', fn ($external, $host) => $external || $host === 'localhost', 10, 2);
add_filter('http_allowed_safe_ports', fn ($ports) => [...$ports, (int) getenv('CASEWIRE_PORT')]);
add_filter('https_ssl_verify', '__return_false');
