package route

import (
	"net/url"
	"os"
	"strings"

	"golang.org/x/net/http/httpproxy"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
)

// systems is the way that the environment says, or else the system. That is what
// programs on it use for tunnels: HTTPS_PROXY, else ALL_PROXY, with NO_PROXY.
func systems(target endpoint.Location) ([]Proxy, error) {
	if way, set, err := ofEnvironment(target); set || err != nil {
		return way, err
	}
	proxies, bypass := settings()
	return ofSettings(target, proxies, bypass)
}

// ofEnvironment is the way that the environment says. set tells whether it says
// anything, be it that there is no proxy.
func ofEnvironment(target endpoint.Location) (way []Proxy, set bool, err error) {
	config := httpproxy.FromEnvironment()
	if config.HTTPSProxy == "" {
		config.HTTPSProxy = os.Getenv("ALL_PROXY")
	}
	if config.HTTPSProxy == "" {
		config.HTTPSProxy = os.Getenv("all_proxy")
	}
	if config.HTTPSProxy == "" {
		return nil, false, nil
	}
	host, ok := canonical(target.Host)
	if !ok {
		return nil, true, nil // which the look-up will say
	}
	at := endpoint.At(host, int(target.Port)).String()
	found, err := config.ProxyFunc()(&url.URL{Scheme: "https", Host: at})
	if err != nil {
		return nil, true, notUnderstood(target, mask(config.HTTPSProxy))
	}
	if found == nil {
		return nil, true, nil
	}
	way, err = parseSystems(target, found.String())
	return way, true, err
}

// parseSystems is the way of one proxy that the system names, a URL or "host:port".
func parseSystems(target endpoint.Location, text string) ([]Proxy, error) {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	p, err := parseProxy(text)
	if err != nil {
		return nil, notUnderstood(target, mask(text))
	}
	return []Proxy{p}, nil
}

func notUnderstood(target endpoint.Location, text string) error {
	return fault.New(fault.Argument, fault.PhaseProxy, target.String()).With(noteSystem, text)
}

// ofSettings is the way that a setting of Windows says: "proxy:8080", or one for each
// protocol, "http=proxy:80;https=proxy:443;socks=proxy:1080", and what is to bypass it.
// What is wrong in the bypass is no reason to go another way, and is left out.
func ofSettings(target endpoint.Location, proxies, bypass string) ([]Proxy, error) {
	found := ""
	for _, word := range strings.FieldsFunc(proxies, isSeparator) {
		protocol, proxy, named := strings.Cut(word, "=")
		switch {
		case !named:
			protocol, proxy = "https", word
		case strings.EqualFold(protocol, "socks") && found == "" && !strings.Contains(proxy, "://"):
			found = "socks5h://" + proxy
			continue
		}
		if strings.EqualFold(protocol, "https") {
			found = proxy
			break
		}
	}
	if found == "" {
		return nil, nil
	}
	for _, word := range strings.FieldsFunc(bypass, isSeparator) {
		if e, err := ParseExceptions(word); err == nil && e.match(target) {
			return nil, nil
		}
	}
	return parseSystems(target, found)
}

func isSeparator(r rune) bool { return strings.ContainsRune("; \t\r\n,", r) }
