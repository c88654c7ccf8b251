import { base } from './console-api.js'
import { deliveryPage } from './console-delivery.js'
import { destinationsPage } from './console-destinations.js'
import { deliveriesPage } from './console-list.js'

// Every view has an address of its own: a link shows the same to whoever gets it.
const place = decodeURIComponent(location.pathname.slice(base.length).replace(/^\/|\/$/g, ''))

if (place === '') deliveriesPage()
else if (place === 'destinations') destinationsPage()
else deliveryPage(place)
