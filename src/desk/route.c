/* Finds the route of a path, and says who may use it. */
#include <string.h>

#include "desk/api.h"

/* Does the path fit the pattern? Parts in braces take one segment each, not an empty one. */
static bool
fits(struct request *r, const char *pattern)
{
	const char *at = r->path;
	size_t parts = 0;

	while (*pattern && *at) {
		size_t n;

		if (*pattern != '{') {
			if (*pattern++ != *at++)
				return false;
			continue;
		}
		n = strcspn(at, "/");
		if (!n || parts == PARTS_MAX)
			return false;
		r->part[parts++] = arena_strn(r->a, at, n);
		at += n;
		pattern = strchr(pattern, '}') + 1;
	}
	return !*pattern && !*at;
}

void
route_find(struct request *r)
{
	for (size_t i = 0; i < n_routes; i++)
		if (routes[i].post == r->post && fits(r, routes[i].path)) {
			r->route = &routes[i];
			return;
		}
}

static const char *
who_may(struct arena *a, const struct route *route)
{
	const char *all = "";

	if (route->may <= MAY_GIVE)
		return "anybody";
	if (route->may == MAY_SIGNED_IN)
		return "signed in";
	for (enum login_role i = 0; i < ROLES; i++)
		if (route->roles & ROLE_BIT(i))
			all =
			    arena_printf(a, "%s%s%s", all, *all ? " " : "", login_role_name(i));
	return all;
}

void
desk_routes(void (*row)(void *arg, const struct desk_route *r), void *arg)
{
	AUTO(arena) *a = arena_new();

	for (size_t i = 0; i < n_routes; i++) {
		const struct route *route = &routes[i];
		struct desk_route r = { .method = route->post ? "POST" : "GET",
			.path = route->path,
			.who = who_may(a, route),
			.api = api_has(route) };

		row(arg, &r);
	}
}

bool
route_allows(const struct route *route, const struct visitor *v)
{
	switch (route->may) {
	case MAY_ANYBODY:
	case MAY_GIVE:
		return true;
	case MAY_SIGNED_IN:
		return v->name != NULL;
	case MAY_ROLES:
		return v->name && (v->roles & route->roles);
	}
	return false;
}

bool
route_is_open(const char *address, const struct visitor *v)
{
	for (size_t i = 0; i < n_routes; i++)
		if (!routes[i].post && strcmp(routes[i].path, address) == 0)
			return route_allows(&routes[i], v);
	return false;
}
